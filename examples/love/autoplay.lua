-- SPDX-License-Identifier: BSL-1.0
-- Plays so many spins on a fixed time step, as fast as the machine can, and reports on stdout.
local game = require("game")
local jackpot = require("jackpot")

local autoplay = {}
autoplay.__index = autoplay

local step = 1 / 60
local steps_a_frame = 120
local pose_at = 2.8 -- seconds into a win, when its picture is taken

function autoplay.new(played, scene, spins, screenshot)
    return setmetatable({ game = played, scene = scene, left = spins, screenshot = screenshot, rest = 0.5 }, autoplay)
end

local function write_png(file)
    return function(image)
        local out = assert(io.open(file, "wb"))
        out:write(image:encode("png"):getString())
        out:close()
    end
end

-- Whether this is the moment to take the picture of the largest win so far.
function autoplay:poses()
    local win = self.scene and self.scene.celebration
    if not self.screenshot or not win.pool or win.age < pose_at or win.age > pose_at + step * 1.5 then
        return false
    end
    local larger = not self.best or win.paid > self.best
    if larger then
        self.best = win.paid
        love.graphics.captureScreenshot(write_png(self.screenshot))
    end
    return larger
end

function autoplay:one_step()
    local busy = self.game.turning or (self.scene and self.scene.celebration:active())
    if not busy then
        self.rest = self.rest - step
        if self.rest <= 0 and self.left > 0 then
            self.left, self.rest = self.left - 1, 0.5
            self.game:spin()
        end
    end
    self.game:update(step, self.scene and self.left == 0)
    if self.scene then
        self.scene:update(step)
    end
end

-- Whether the last spin is over and the meters stand.
function autoplay:over()
    return self.left == 0 and not self.game.turning and (not self.scene or self.scene:rests())
end

-- Some steps, up to the next frame; true at the end.
function autoplay:update()
    for _ = 1, steps_a_frame do
        if self:over() then
            return true
        end
        self:one_step()
        if self:poses() then
            return false
        end
    end
    return false
end

-- A line for each meter, as drawn and as the library has it, one for what is not in the file yet, and one
-- for an audit; says whether the meters agree.
function autoplay:report()
    local agree = true
    for _, each in ipairs(game.jackpots) do
        local state = self.game:pool(each.pool)
        local current = jackpot.digits(state.current)
        local drawn = self.scene and ("%.0f"):format(self.scene:drawn(each.pool)) or current
        agree = agree and drawn == current
        print(("meter %s drawn %s library %s version %s"):format(each.pool, drawn, current, jackpot.digits(state.version)))
    end
    print(("lag %d operations"):format(self.game:lag()))
    print(("audit %d operations"):format(self.game:audit()))
    return agree
end

return autoplay
