-- SPDX-License-Identifier: BSL-1.0
function love.conf(t)
    t.window = false
    for _, module in ipairs({ "window", "graphics", "audio", "sound", "joystick", "physics" }) do
        t.modules[module] = false
    end
end
