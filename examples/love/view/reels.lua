-- SPDX-License-Identifier: BSL-1.0
-- Five reels behind a golden frame. They turn to where the game says, each a little longer than the one
-- to its left, and swing a little past it.
local game = require("game")
local paint = require("view.paint")
local symbols = require("view.symbols")
local g = love.graphics

local reels = {}
reels.__index = reels

local centre_x, centre_y = 640, 382
local cell_width, cell_height = 124, 116
local width, height = game.reels * cell_width + 20, game.rows * cell_height
local strip_length = 64

function reels.new(random)
    local self = setmetatable({ strips = {}, at = {}, lit = {}, lit_for = 0 }, reels)
    for reel = 1, game.reels do
        self.strips[reel] = {}
        for i = 0, strip_length - 1 do
            self.strips[reel][i] = random:random(2, #symbols)
        end
        self.strips[reel][1] = 1
        self.at[reel] = 0
    end
    self.frame = paint.plate(width + 84, height + 76, 34, 40, paint.gold, paint.ramp("1c0710", "0b0308", "0b0308", "1c0710"))
    self.drum = paint.sprite(cell_width - 6, height, function(w, h)
        paint.fill(paint.ramp("8d7a70", "fff6e4", "fff6e4", "8d7a70"), 0, 0, 0, h, function()
            g.rectangle("fill", 0, 0, w, h)
        end)
    end)
    self.shade = paint.sprite(cell_width - 6, height, function(w, h)
        local ramp = { { 0.1, 0, 0.08, 0.86 }, { 0.1, 0, 0.08, 0.05 }, { 0.1, 0, 0.08, 0.05 }, { 0.1, 0, 0.08, 0.86 } }
        paint.fill(ramp, 0, 0, 0, h, function() g.rectangle("fill", 0, 0, w, h) end)
        ramp = { { 0, 0, 0, 0.5 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0.5 } }
        paint.fill(ramp, 0, 0, w, 0, function() g.rectangle("fill", 0, 0, w, h) end)
    end)
    self.glass = paint.sprite(width, height, function(w, h)
        g.setColor(1, 1, 1, 0.07)
        g.polygon("fill", 0, 0, w * 0.62, 0, w * 0.34, h, 0, h)
        g.setColor(1, 1, 1, 0.05)
        g.polygon("fill", w * 0.68, 0, w * 0.76, 0, w * 0.48, h, w * 0.40, h)
    end)
    self.bulb = paint.sprite(20, 20, function()
        g.setColor(paint.hex("5a2a02"))
        g.circle("fill", 10, 10, 8, 32)
        g.setColor(1, 1, 1)
        paint.fill(paint.ramp("ffffff", "fff0b8", "ffb52e", "a85a08"), 8, 7, 16, 13, function()
            g.circle("fill", 10, 10, 6.5, 32)
        end, true)
    end)
    return self
end

-- Begins to turn to the columns. They are put onto the strips where nobody looks at the moment.
function reels:spin(columns)
    self.from, self.to, self.elapsed, self.lit = {}, {}, 0, {}
    for reel, column in ipairs(columns) do
        self.from[reel] = self.at[reel] % strip_length
        self.to[reel] = math.floor(self.from[reel]) - (18 + 5 * reel)
        for row, symbol in ipairs(column) do
            self.strips[reel][(self.to[reel] + row - 1) % strip_length] = symbol
        end
    end
end

local function eased(t)
    local swing = 1.1
    local back = t - 1
    return t < 1 and (t * t * (3 - 2 * t)) * (1 - t) + t * (1 + (swing + 1) * back ^ 3 + swing * back * back) or 1
end

function reels:update(dt)
    self.lit_for = self.lit_for + dt
    if not self.to then
        return
    end
    self.elapsed = self.elapsed + dt
    for reel = 1, game.reels do
        local before = self.at[reel]
        local t = math.min(self.elapsed / (game.spin_seconds - 0.38 * (game.reels - reel)), 1)
        self.at[reel] = self.from[reel] + (self.to[reel] - self.from[reel]) * eased(t)
        self.speed = self.speed or {}
        self.speed[reel] = dt > 0 and math.abs(self.at[reel] - before) / dt or 0
    end
end

-- Lights the diamonds of the middle line.
function reels:light()
    self.lit_for = 0
    for reel = 1, game.reels do
        self.lit[reel] = self.strips[reel][(self.to[reel] + 1) % strip_length] == 1
    end
end

local function draw_strip(self, reel, x, top)
    local at = self.at[reel]
    local first = math.floor(at)
    local speed = self.speed and self.speed[reel] or 0
    local blur = math.min(speed / 22, 1)
    for row = 0, game.rows do
        local symbol = symbols[self.strips[reel][(first + row) % strip_length]]
        local y = top + (row + first - at + 0.5) * cell_height
        local lit = self.lit[reel] and row == 1
        local scale = lit and 1 + 0.07 * math.sin(self.lit_for * 7) or 0.92
        if lit then
            paint.stamp(paint.glow, x, y, {
                scale = 1.5, tint = { 0.3, 0.75, 1 }, alpha = 0.4 + 0.2 * math.sin(self.lit_for * 7), add = true,
            })
        end
        if blur > 0.15 then
            for copy = -4, 4 do
                paint.stamp(symbol, x, y + copy * 8 * blur, {
                    scale = scale, stretch_y = 1 + blur * 0.25, alpha = 0.2,
                })
            end
        else
            paint.stamp(symbol, x, y, { scale = scale })
        end
    end
end

local function draw_bulbs(self, time)
    local w, h = width + 44, height + 36
    local left, top = centre_x - w / 2, centre_y - h / 2
    local count, around = 56, 2 * (w + h)
    for i = 0, count - 1 do
        local along = i / count * around
        local x, y
        if along < w then
            x, y = left + along, top
        elseif along < w + h then
            x, y = left + w, top + along - w
        elseif along < 2 * w + h then
            x, y = left + w - (along - w - h), top + h
        else
            x, y = left, top + h - (along - 2 * w - h)
        end
        local wave = (i / 4 - time * (self.fast and 5 or 1.6)) % 1
        local lit = wave < 0.5 and 1 or 0.35
        paint.stamp(self.bulb, x, y, { tint = { lit, lit, lit } })
        if wave < 0.5 then
            paint.stamp(paint.glow, x, y, { scale = 0.42, tint = { 1, 0.75, 0.3 }, alpha = 0.75, add = true })
        end
    end
end

function reels:draw(time, ox, oy, scale)
    local left, top = centre_x - width / 2, centre_y - height / 2
    paint.stamp(paint.glow, centre_x, centre_y, {
        stretch_x = 9, stretch_y = 6.4, tint = { 0.9, 0.45, 0.1 }, alpha = 0.5, add = true,
    })
    paint.stamp(self.frame, centre_x, centre_y)
    g.setScissor(ox + left * scale, oy + top * scale, width * scale, height * scale)
    for reel = 1, game.reels do
        local x = left + 10 + (reel - 0.5) * cell_width
        paint.stamp(self.drum, x, centre_y)
        draw_strip(self, reel, x, top)
        paint.stamp(self.shade, x, centre_y)
        if self.lit[reel] then
            paint.stamp(paint.glow, x, centre_y, { scale = 1.6, tint = { 0.4, 0.8, 1 }, alpha = 0.2, add = true })
        end
    end
    paint.stamp(self.glass, centre_x, centre_y)
    g.setScissor()
    -- The line that counts.
    for _, way in ipairs({ -1, 1 }) do
        local x = centre_x + way * (width / 2 + 1)
        paint.fill(paint.gold, 0, centre_y - 14, 0, centre_y + 14, function()
            g.polygon("fill", x, centre_y - 14, x, centre_y + 14, x - way * 16, centre_y)
        end)
    end
    g.setColor(1, 0.8, 0.3, 0.28)
    g.rectangle("fill", left, centre_y - cell_height / 2, width, 1.5)
    g.rectangle("fill", left, centre_y + cell_height / 2, width, 1.5)
    draw_bulbs(self, time)
end

return reels
