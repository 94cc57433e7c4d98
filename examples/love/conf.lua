-- SPDX-License-Identifier: BSL-1.0
local options = require("options")

function love.conf(t)
    t.identity = "jackpot"
    t.version = "11.4"
    for _, unused in ipairs({ "audio", "sound", "physics", "joystick", "touch", "video", "thread" }) do
        t.modules[unused] = false
    end
    if options.headless then
        for _, module in ipairs({ "window", "graphics", "font", "image", "keyboard", "mouse" }) do
            t.modules[module] = false
        end
        t.window = false
        return
    end
    t.window.title = "jackpot"
    t.window.width, t.window.height = 1280, 720
    t.window.resizable = true
    t.window.highdpi = true
    t.window.vsync = options.spins and 0 or 1
end
