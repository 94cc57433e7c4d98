-- SPDX-License-Identifier: BSL-1.0
-- A slot machine on libjackpot, for LÖVE 11. game.lua plays, view/ draws, jackpot.lua is the library.
local options = require("options")
local jackpot = require("jackpot")
local game = require("game")
local autoplay = require("autoplay")

local played, scene, script
local finished = false
-- Whoever plays by script or without a window follows on stdout.
local talks = options.headless or options.spins

if talks then
    io.stdout:setvbuf("line")
    function love.errorhandler(message)
        io.stderr:write(debug.traceback(tostring(message), 2), "\n")
        return function()
            return 1
        end
    end
end

local function load_library()
    local build = love.filesystem.getSource() .. "/../../build/"
    local files = { build .. "c-api/libjackpot.so", build .. "dev/libjackpot.so", "jackpot" }
    local why
    for _, file in ipairs(options.library and { options.library } or files) do
        local loaded, reason = jackpot.load(file)
        if loaded then
            return
        end
        why = reason
    end
    error(why .. "\nBuild it: cmake --preset c-api && cmake --build --preset c-api", 0)
end

local function say_pools(what)
    local line = what
    for _, each in ipairs(game.jackpots) do
        local state = played:pool(each.pool)
        line = line .. (" %s %s %s"):format(each.pool, jackpot.digits(state.version), jackpot.digits(state.current))
    end
    print(line)
end

local function notify(event, ...)
    if scene then
        scene:on(event, ...)
    end
    if talks and event == "win" then
        local won, paid, player = ...
        print(("win %s %s %s"):format(won.pool, jackpot.digits(paid), player))
    elseif talks and event == "pump" and ... == 0 then
        say_pools("pumped")
    end
end

function love.load()
    load_library()
    local store = options.store
    if not store then
        love.filesystem.createDirectory("")
        store = love.filesystem.getSaveDirectory() .. "/jackpots.sqlite"
    end
    local seed = options.seed or os.time()
    played = game.new({
        -- Behind, no frame waits for others at the file: the next pump tries again.
        store = "sqlite://" .. store .. (options.mode == "behind" and "?busy_timeout=10" or ""),
        mode = options.mode,
        random = love.math.newRandomGenerator(seed),
        notify = notify,
    })
    if not options.headless then
        scene = require("view.scene").new(played, seed)
    end
    if talks then
        say_pools("start")
        script = autoplay.new(played, scene, options.spins or math.huge, options.screenshot)
    end
end

function love.update(dt)
    if options.spins then
        finished = finished or script:update()
        if finished and (not scene or scene.settled) then
            love.event.quit(script:report() and 0 or 1)
        end
    elseif options.headless then
        script:one_step()
        love.timer.sleep(1 / 60)
    else
        played:update(math.min(dt, 0.1))
        scene:update(math.min(dt, 0.1))
    end
end

function love.draw()
    scene:draw()
    scene.settled = finished
end

function love.keypressed(key)
    if key == "escape" then
        love.event.quit()
    elseif key == "space" and scene then
        scene:spin()
    end
end

function love.mousepressed(x, y, mouse_button)
    if mouse_button == 1 and scene and scene:hit(x, y) then
        scene:spin()
    end
end

function love.quit()
    if played then
        played:close()
    end
end
