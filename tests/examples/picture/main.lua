-- SPDX-License-Identifier: BSL-1.0
-- love tests/examples/picture FILE: prints a picture's width, height and number of distinct colours.
local file = assert(io.open(arg[2], "rb"))
local image = love.image.newImageData(love.filesystem.newFileData(file:read("*a"), "picture.png"))
local seen, colours = {}, 0
image:mapPixel(function(_, _, r, g, b, a)
    local colour = (r * 255 * 256 + g * 255) * 256 + b * 255
    if not seen[colour] then
        seen[colour], colours = true, colours + 1
    end
    return r, g, b, a
end)
print(image:getWidth(), image:getHeight(), colours)
love.event.quit(0)
