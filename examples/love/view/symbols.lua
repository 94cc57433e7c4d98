-- SPDX-License-Identifier: BSL-1.0
-- The pictures on the reels, and the coin. Symbol 1, the diamond, stands for the jackpots.
local paint = require("view.paint")
local g = love.graphics
local hex, ramp = paint.hex, paint.ramp

local size = 120
local dark = hex("2b0a08")

-- Draws a shape in its outline's colour, grown by a rim, then inside.
local function rimmed(points, thickness, colour)
    g.setColor(colour or dark)
    g.setLineJoin("bevel")
    g.setLineWidth(thickness * 2)
    g.polygon("line", points)
    paint.polygon(points)
    for i = 1, #points, 2 do
        g.circle("fill", points[i], points[i + 1], thickness)
    end
    g.setColor(1, 1, 1)
end

local function face(points, colours, x0, y0, x1, y1)
    paint.fill(colours, x0, y0, x1, y1, function() paint.polygon(points) end)
end

local function ball(x, y, radius, colours)
    g.setColor(dark)
    g.circle("fill", x, y, radius + 3.5, 64)
    g.setColor(1, 1, 1)
    paint.fill(colours, x - radius * 0.35, y - radius * 0.4, x + radius, y + radius * 0.4, function()
        g.circle("fill", x, y, radius, 64)
    end, true)
    g.setColor(1, 1, 1, 0.75)
    g.ellipse("fill", x - radius * 0.38, y - radius * 0.48, radius * 0.24, radius * 0.15, 32)
    g.setColor(1, 1, 1)
end

local function shadow()
    for spread = 8, 1, -1 do
        g.setColor(0.15, 0.02, 0.05, 0.045)
        g.ellipse("fill", size / 2, 109, 26 + spread * 2.4, 3 + spread, 48)
    end
    g.setColor(1, 1, 1)
end

local function diamond()
    local top, waist, tip = 22, 47, 104
    local xs = { 12, 34, 60, 86, 108 }
    local outline = { 30, top, 90, top, xs[5], waist, 60, tip, xs[1], waist }
    rimmed(outline, 4, hex("06214d"))
    local function facet(colour, points)
        g.setColor(hex(colour))
        g.polygon("fill", points)
    end
    face(outline, ramp("e8fdff", "7fe0ff", "2a8cf0", "0f3fb0"), 20, top, 90, tip)
    facet("ffffff", { 30, top, 46, top, xs[2], waist, xs[1], waist })
    facet("b5f0ff", { 30, top, 60, top, xs[2] + 6, waist })
    facet("e9fcff", { 60, top, xs[2] + 6, waist, xs[4] - 6, waist })
    facet("8fdcff", { 60, top, 90, top, xs[4] - 6, waist })
    facet("4fb4ff", { 90, top, xs[5], waist, xs[4] - 6, waist })
    facet("9be6ff", { xs[1], waist, xs[2] + 6, waist, 60, tip })
    facet("55b9ff", { xs[2] + 6, waist, 60, waist, 60, tip })
    facet("2f8df5", { 60, waist, xs[4] - 6, waist, 60, tip })
    facet("164fc4", { xs[4] - 6, waist, xs[5], waist, 60, tip })
    g.setColor(1, 1, 1, 0.95)
    g.polygon("fill", 42, 21, 44, 31, 53, 34, 44, 37, 42, 47, 40, 37, 31, 34, 40, 31)
    g.setColor(1, 1, 1)
end

local function seven()
    local points = { 26, 18, 96, 18, 96, 38, 68, 104, 42, 104, 66, 44, 42, 44, 40, 54, 26, 54 }
    rimmed(points, 8, dark)
    rimmed(points, 5.5, hex("ffd34d"))
    rimmed(points, 1.5, hex("7a0712"))
    face(points, ramp("ffb09a", "ff3b3b", "c3081f", "6d0218"), 0, 16, 0, 106)
    g.setColor(1, 1, 1, 0.4)
    g.polygon("fill", 30, 21, 92, 21, 92, 27, 30, 29)
    g.setColor(1, 1, 1)
end

local function bell()
    local curve = love.math.newBezierCurve(18, 88, 34, 76, 26, 20, 60, 20, 94, 20, 86, 76, 102, 88):render(5)
    ball(60, 95, 10, ramp("fff2b0", "ffb52e", "a65606", "5d2a02"))
    rimmed(curve, 4)
    face(curve, ramp("b3660c", "fff3a8", "f6b021", "8a4203"), 22, 0, 100, 0)
    g.setColor(dark)
    g.rectangle("fill", 12, 82, 96, 14, 7)
    g.setColor(1, 1, 1)
    paint.fill(ramp("c87a10", "fff6bf", "ffc23b", "8a4203"), 16, 0, 104, 0, function()
        g.rectangle("fill", 15, 84.5, 90, 9, 4.5)
    end)
    ball(60, 17, 6.5, ramp("fff6c8", "ffc23b", "a65606", "5d2a02"))
    g.setColor(1, 1, 1, 0.6)
    g.ellipse("fill", 45, 52, 5, 19, 24)
    g.setColor(1, 1, 1)
end

local function cherries()
    g.setLineStyle("smooth")
    local stems = { { 40, 74, 44, 40, 74, 16 }, { 82, 80, 84, 46, 74, 16 } }
    for _, pass in ipairs({ { 9, dark }, { 4.5, hex("5fae2c") } }) do
        for _, stem in ipairs(stems) do
            g.setLineWidth(pass[1])
            g.setColor(pass[2])
            g.line(love.math.newBezierCurve(stem):render(4))
        end
    end
    local leaf = love.math.newBezierCurve(74, 18, 84, -2, 108, 6, 112, 24, 96, 34, 82, 30, 74, 18):render(4)
    table.remove(leaf)
    table.remove(leaf)
    rimmed(leaf, 3.5)
    face(leaf, ramp("e4ff9a", "7ed13a", "2f8a1d", "175c12"), 74, 6, 108, 34)
    local red = ramp("ff9a8a", "f2243c", "a8051f", "4d0012")
    ball(38, 80, 23, red)
    ball(82, 84, 23, red)
end

local function bar()
    g.setColor(dark)
    g.rectangle("fill", 8, 34, 104, 54, 12)
    g.setColor(1, 1, 1)
    paint.fill(paint.gold, 0, 34, 0, 88, function() g.rectangle("fill", 11, 37, 98, 48, 10) end)
    paint.fill(ramp("4a1c86", "32106b", "1c0644", "3d1673"), 0, 42, 0, 80, function()
        g.rectangle("fill", 16, 42, 88, 38, 7)
    end)
    paint.lettering(31, paint.gold):write("BAR", 60, 60.5)
end

-- The five points of a star and, nearer to its middle, the five between them.
local function star_at(x, y, far, near)
    local points = {}
    for i = 0, 9 do
        local angle, radius = -math.pi / 2 + i * math.pi / 5, i % 2 == 0 and far or near
        points[#points + 1] = x + math.cos(angle) * radius
        points[#points + 1] = y + math.sin(angle) * radius
    end
    return points
end

local function star()
    local points = star_at(60, 64, 48, 22)
    rimmed(points, 5)
    face(points, ramp("fffbd6", "ffd54a", "f09a10", "9a4e00"), 30, 16, 90, 110)
    for i = 1, #points, 4 do
        local function corner(k) return points[(k - 1) % 20 + 1], points[k % 20 + 1] end
        local ax, ay = corner(i)
        local bx, by = corner(i + 2)
        g.setColor(0.45, 0.2, 0, 0.28)
        g.polygon("fill", 60, 64, ax, ay, bx, by)
    end
    g.setColor(1, 1, 1)
end

local function clover()
    g.setLineWidth(9)
    g.setColor(dark)
    g.line(love.math.newBezierCurve(60, 62, 64, 92, 82, 108):render(4))
    g.setLineWidth(4.5)
    g.setColor(hex("2f8a1d"))
    g.line(love.math.newBezierCurve(60, 62, 64, 92, 81, 107):render(4))
    for i = 0, 3 do
        g.push()
        g.translate(60, 57)
        g.rotate(math.pi / 4 + i * math.pi / 2)
        local heart = love.math.newBezierCurve(0, 0, -24, -12, -30, -44, -6, -46, 0, -38):render(4)
        local right = love.math.newBezierCurve(0, -38, 6, -46, 30, -44, 24, -12, 0, 0):render(4)
        for k = 3, #right - 2 do
            heart[#heart + 1] = right[k]
        end
        rimmed(heart, 3.5, hex("06351a"))
        face(heart, ramp("0c6b31", "23a84c", "6fe07a", "c8ffb8"), 0, 0, 0, -46)
        g.pop()
    end
end

local symbols = {}
for i, draw in ipairs({ diamond, seven, bell, cherries, bar, star, clover }) do
    symbols[i] = paint.sprite(size, size, function()
        shadow()
        draw()
    end)
end

symbols.coin = paint.sprite(48, 48, function()
    g.setColor(hex("5a2a02"))
    g.circle("fill", 24, 24, 23, 48)
    g.setColor(1, 1, 1)
    paint.fill(paint.gold, 6, 2, 40, 46, function() g.circle("fill", 24, 24, 21.5, 48) end)
    paint.fill(ramp("b06a10", "ffd95e", "fff0a8", "e09a20"), 8, 6, 40, 44, function()
        g.circle("fill", 24, 24, 17, 48)
    end)
    g.setColor(hex("a55f0a"))
    paint.polygon(star_at(24, 24, 12, 5.2))
end)

return symbols
