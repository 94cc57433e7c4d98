-- SPDX-License-Identifier: BSL-1.0
-- Brushes: shapes and letters filled with gradients, drawn once at twice their size, kept as sprites.
local paint = {}
local g = love.graphics

local detail = 2

local gradient = g.newShader([[
uniform vec4 stops[4];
uniform vec4 span;
uniform float round;
vec4 effect(vec4 color, Image image, vec2 uv, vec2 at) {
    vec2 way = span.zw - span.xy;
    float along = dot(at - span.xy, way) / dot(way, way);
    float t = clamp(mix(along, length(at - span.xy) / length(way), round), 0.0, 1.0) * 3.0;
    vec4 c = mix(mix(stops[0], stops[1], clamp(t, 0.0, 1.0)), stops[2], clamp(t - 1.0, 0.0, 1.0));
    return mix(c, stops[3], clamp(t - 2.0, 0.0, 1.0)) * color * Texel(image, uv);
}]])

local function hex(text)
    local c = {}
    for pair in text:gmatch("%x%x") do
        c[#c + 1] = tonumber(pair, 16) / 255
    end
    c[4] = c[4] or 1
    return c
end
paint.hex = hex

-- Four colours from end to end.
function paint.ramp(a, b, c, d)
    return { hex(a), hex(b), hex(c), hex(d) }
end

paint.gold = paint.ramp("fff8cf", "fbd24e", "b36a12", "ffe08a")
paint.ruby = paint.ramp("ffd9d2", "ff5a4e", "9c0f1e", "ff8a6b")
paint.sapphire = paint.ramp("dff6ff", "58b8ff", "1747a8", "7fd8ff")
paint.emerald = paint.ramp("e2ffe6", "4fe08a", "0b7a45", "8dffb8")
paint.amethyst = paint.ramp("f6e3ff", "c47bff", "5b1ca6", "e0a6ff")
paint.silver = paint.ramp("ffffff", "c9d2e0", "6b7688", "e8eef7")
paint.by_pool = { minor = paint.emerald, major = paint.sapphire, mega = paint.ruby }

-- Fills what `draw` draws with a ramp from one point to another (round: from the centre outward).
function paint.fill(ramp, x0, y0, x1, y1, draw, round)
    local ax, ay = g.transformPoint(x0, y0)
    local bx, by = g.transformPoint(x1, y1)
    g.setShader(gradient)
    gradient:send("stops", ramp[1], ramp[2], ramp[3], ramp[4])
    gradient:send("span", { ax, ay, bx, by })
    gradient:send("round", round and 1 or 0)
    draw()
    g.setShader()
end

function paint.polygon(points)
    for _, triangle in ipairs(love.math.triangulate(points)) do
        g.polygon("fill", triangle)
    end
end

-- A picture of the given size, drawn once. Its colours are multiplied by their alpha.
function paint.sprite(width, height, draw)
    local canvas = g.newCanvas(width * detail, height * detail, { mipmaps = "auto", dpiscale = 1 })
    canvas:setFilter("linear", "linear")
    g.push("all")
    g.reset()
    g.setCanvas({ canvas, stencil = true })
    g.clear(0, 0, 0, 0)
    g.scale(detail)
    draw(width, height)
    g.pop()
    return { canvas = canvas, width = width, height = height }
end

-- Draws a sprite by its centre. how: {scale, stretch_x, stretch_y, turn, alpha, tint, add}
local plain = {}
function paint.stamp(sprite, x, y, how)
    how = how or plain
    local alpha, tint = how.alpha or 1, how.tint
    g.setBlendMode(how.add and "add" or "alpha", "premultiplied")
    if tint then
        g.setColor(tint[1] * alpha, tint[2] * alpha, tint[3] * alpha, how.add and 0 or alpha)
    else
        g.setColor(alpha, alpha, alpha, how.add and 0 or alpha)
    end
    local scale = (how.scale or 1) / detail
    g.draw(sprite.canvas, x, y, how.turn or 0, scale * (how.stretch_x or 1), scale * (how.stretch_y or 1),
        sprite.width * detail / 2, sprite.height * detail / 2)
    g.setBlendMode("alpha")
    g.setColor(1, 1, 1)
end

local function around(steps, radius, draw)
    for i = 1, steps do
        local angle = i / steps * 2 * math.pi
        draw(math.cos(angle) * radius, math.sin(angle) * radius)
    end
end

-- Letters of one size, embossed in a ramp over an outline and a shadow.
local lettering = {}
lettering.__index = lettering

function paint.lettering(size, ramp, outline)
    return setmetatable({
        font = g.newFont(size * detail),
        size = size,
        ramp = ramp,
        outline = outline or hex("2a0d05"),
        margin = math.ceil(size * 0.22),
        glyphs = {},
    }, lettering)
end

function lettering:glyph(letter)
    local glyph = self.glyphs[letter]
    if not glyph then
        local size, margin = self.size, self.margin
        local advance = self.font:getWidth(letter) / detail
        glyph = paint.sprite(advance + 2 * margin, size * 1.2 + 2 * margin, function()
            local function put(dx, dy)
                g.print(letter, margin + dx, margin + dy, 0, 1 / detail)
            end
            g.setFont(self.font)
            local bold, rim = size * 0.035, size * 0.085
            g.setColor(0, 0, 0, 0.12)
            for drop = 1, 3 do
                around(8, rim + drop, function(dx, dy) put(dx, dy + size * 0.07) end)
            end
            g.setColor(self.outline)
            around(20, rim, put)
            g.setColor(1, 1, 1)
            local top, bottom = margin + size * 0.2, margin + size * 0.97
            -- A bright edge above, then the face: light seems to come from the top.
            paint.fill({ self.ramp[1], self.ramp[1], self.ramp[4], self.ramp[3] }, 0, top, 0, bottom, function()
                around(12, bold + size * 0.012, put)
            end)
            paint.fill(self.ramp, 0, top, 0, bottom, function()
                around(12, bold * 0.8, function(dx, dy) put(dx, dy + size * 0.012) end)
                put(0, 0)
            end)
        end)
        glyph.advance = advance + size * 0.05
        self.glyphs[letter] = glyph
    end
    return glyph
end

function lettering:width(text)
    local width = 0
    for letter in text:gmatch("[%z\1-\127\194-\244][\128-\191]*") do
        width = width + self:glyph(letter).advance
    end
    return width
end

-- Writes a text around (x, y). how: {scale, alpha}
function lettering:write(text, x, y, how)
    local scale = how and how.scale or 1
    x = x - self:width(text) * scale / 2
    for letter in text:gmatch("[%z\1-\127\194-\244][\128-\191]*") do
        local glyph = self:glyph(letter)
        paint.stamp(glyph, x + glyph.advance * scale / 2, y, how)
        x = x + glyph.advance * scale
    end
end

-- A soft round light, to be added.
paint.glow = paint.sprite(128, 128, function(w, h)
    local ramp = { { 1, 1, 1, 1 }, { 1, 1, 1, 0.42 }, { 1, 1, 1, 0.12 }, { 1, 1, 1, 0 } }
    paint.fill(ramp, w / 2, h / 2, w, h / 2, function() g.rectangle("fill", 0, 0, w, h) end, true)
end)

-- A plate with a metal rim and a dark, shining inside.
function paint.plate(width, height, corner, rim, ramp, inside)
    return paint.sprite(width + 40, height + 40, function()
        for spread = 14, 1, -1 do
            g.setColor(0, 0, 0, 0.045)
            g.rectangle("fill", 20 - spread, 24 - spread, width + 2 * spread, height + 2 * spread, corner + spread)
        end
        g.setColor(1, 1, 1)
        local function box(inset)
            return function()
                g.rectangle("fill", 20 + inset, 20 + inset, width - 2 * inset, height - 2 * inset, math.max(corner - inset, 2))
            end
        end
        g.setColor(hex("1a0703"))
        box(0)()
        g.setColor(1, 1, 1)
        paint.fill(ramp, 20, 20, 20, 20 + height, box(1.5))
        paint.fill({ ramp[3], ramp[4], ramp[2], ramp[1] }, 20, 20, 20, 20 + height, box(rim * 0.55))
        g.setColor(hex("120509"))
        box(rim - 1.5)()
        g.setColor(1, 1, 1)
        paint.fill(inside, 20, 20 + rim, 20, 20 + height - rim, box(rim))
    end)
end

-- 1234567 as 12,345.67; of a 64-bit amount or a number.
function paint.money(amount)
    local digits = tostring(amount):gsub("U?LL$", "")
    digits = ("0"):rep(3 - #digits) .. digits
    local whole = digits:sub(1, -3):reverse():gsub("(%d%d%d)(%d)", "%1,%2"):gsub("(%d%d%d)(%d)", "%1,%2"):reverse()
    return whole .. "." .. digits:sub(-2)
end

return paint
