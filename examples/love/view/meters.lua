-- SPDX-License-Identifier: BSL-1.0
-- The three jackpot meters: odometers that roll toward what the library says, and stop on it.
local paint = require("view.paint")
local g = love.graphics

local meters = {}
meters.__index = meters

local looks = {
    mega = { x = 640, y = 86, width = 590, height = 138, digit = 62, columns = 7, title = 30, name = "MEGA" },
    major = { x = 186, y = 88, width = 290, height = 112, digit = 37, columns = 6, title = 22, name = "MAJOR" },
    minor = { x = 1094, y = 88, width = 290, height = 112, digit = 37, columns = 5, title = 22, name = "MINOR" },
}

-- The digits 0 to 9 and 0 again on one strip: a window onto it shows any moment between two of them.
local function strip_of(size)
    local letters = paint.lettering(size, paint.gold)
    local cell = { width = size * 0.82, height = size * 1.3 }
    cell.strip = paint.sprite(cell.width, cell.height * 11, function()
        for i = 0, 10 do
            letters:write(tostring(i % 10), cell.width / 2, cell.height * (i + 0.5))
        end
    end)
    cell.drum = paint.sprite(cell.width, cell.height, function(w, h)
        paint.fill(paint.ramp("05020a", "3a2050", "3a2050", "05020a"), 0, 0, 0, h, function()
            g.rectangle("fill", 1, 0, w - 2, h, 5)
        end)
    end)
    cell.shade = paint.sprite(cell.width, cell.height, function(w, h)
        local ramp = { { 0, 0, 0, 0.75 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0.75 } }
        paint.fill(ramp, 0, 0, 0, h, function() g.rectangle("fill", 1, 0, w - 2, h, 5) end)
        g.setColor(1, 1, 1, 0.07)
        g.rectangle("fill", 2, h * 0.08, w - 4, h * 0.36, 4)
    end)
    cell.letters = letters
    return cell
end

function meters.new()
    local self = setmetatable({ list = {} }, meters)
    for pool, look in pairs(looks) do
        local ramp = paint.by_pool[pool]
        self.list[pool] = {
            look = look,
            cell = strip_of(look.digit),
            plate = paint.plate(look.width, look.height, 20, 8, paint.gold, paint.ramp("3b1450", "23092f", "14051d", "2a0d3a")),
            title = paint.lettering(look.title, ramp),
            colour = ramp[2],
            flash = 0,
            now = 0,
        }
    end
    return self
end

-- What include/jackpot/rules/odometer.hpp says, in seconds, with the part of a unit to which the last wheel has
-- turned: it never overstates, and falls only where the meter did, at once.
local pause = 1.5
local function odometer(earlier, newest, now)
    local pace, passed = newest.at - earlier.at, math.max(now - newest.at, 0)
    if newest.value <= earlier.value or passed >= pace or pace > pause then
        return newest.value
    end
    return earlier.value + (newest.value - earlier.value) * passed / pace
end

-- Rolls on toward the target. After a pause it takes as long as a pause may take.
function meters:update(pool, target, dt)
    local meter = self.list[pool]
    target = tonumber(target)
    meter.now = meter.now + dt
    if not meter.newest then
        meter.shown = target
        meter.earlier, meter.newest = { value = target, at = meter.now }, { value = target, at = meter.now }
    elseif target ~= meter.newest.value then
        meter.earlier = { value = meter.shown, at = math.max(meter.newest.at, meter.now - pause) }
        meter.newest = { value = target, at = meter.now }
    end
    meter.shown = odometer(meter.earlier, meter.newest, meter.now)
    meter.flash = math.max(meter.flash - dt * 0.6, 0)
end

function meters:rest()
    for _, meter in pairs(self.list) do
        if meter.shown ~= meter.newest.value then
            return false
        end
    end
    return true
end

function meters:flash(pool)
    self.list[pool].flash = 1
end

local function place(meter)
    local look, cell = meter.look, meter.cell
    local point = cell.width * 0.42
    local width = look.columns * cell.width + point * (1 + math.floor((look.columns - 3) / 3))
    return look.x + width / 2, look.y + look.height * 0.15, point
end

-- Draws the digits from the right, and keeps the number that they make as `drawn`.
local function draw_digits(meter)
    local look, cell = meter.look, meter.cell
    local x, y, point = place(meter)
    local below, unit, drawn = meter.shown, 1, 0
    for column = 1, look.columns do
        local digit = math.floor(meter.shown / unit) % 10
        if column == 1 then
            digit = meter.shown % 10
        elseif below > 9 then
            digit = digit + below - 9 -- the wheel to the right takes it along
        end
        below = digit
        drawn = drawn + math.floor(digit) % 10 * unit
        local here = x - cell.width / 2
        paint.stamp(cell.drum, here, y)
        local leading = meter.shown < unit and column > 3
        if not leading then
            if not cell.window then
                cell.window = g.newQuad(0, 0, cell.width * 2, cell.height * 2, cell.strip.canvas:getDimensions())
            end
            cell.window:setViewport(0, digit % 10 * cell.height * 2, cell.width * 2, cell.height * 2)
            g.setBlendMode("alpha", "premultiplied")
            g.draw(cell.strip.canvas, cell.window, here - cell.width / 2, y - cell.height / 2, 0, 0.5)
            g.setBlendMode("alpha")
        end
        paint.stamp(cell.shade, here, y)
        x = x - cell.width
        unit = unit * 10
        if column < look.columns and (column == 2 or (column > 2 and (column - 2) % 3 == 0)) then
            paint.stamp(cell.letters:glyph(column == 2 and "." or ","), x - point / 2, y + look.digit * 0.02,
                { alpha = leading and 0.25 or 1 })
            x = x - point
        end
    end
    meter.drawn = drawn
end

function meters:draw(time)
    for _, pool in ipairs({ "major", "minor", "mega" }) do
        local meter = self.list[pool]
        local look = meter.look
        local breath = 0.30 + 0.07 * math.sin(time * 2 + look.x) + meter.flash * 0.8
        paint.stamp(paint.glow, look.x, look.y, {
            stretch_x = look.width / 80, stretch_y = look.height / 44, tint = meter.colour, alpha = breath, add = true,
        })
        paint.stamp(meter.plate, look.x, look.y)
        draw_digits(meter)
        meter.title:write(look.name, look.x, look.y - look.height * 0.285)
        local side = meter.title:width(look.name) / 2 + look.title
        for _, way in ipairs({ -1, 1 }) do
            paint.stamp(paint.glow, look.x + way * side, look.y - look.height * 0.285, {
                scale = 0.12, tint = meter.colour, add = true,
            })
            g.setColor(meter.colour)
            g.rectangle("fill", look.x + way * (side + 24) - 20, look.y - look.height * 0.285 - 1, 40, 2, 1)
        end
        -- A light that wanders over the glass.
        local wander = (time * 0.25 + look.x / 1280) % 2 - 0.5
        if wander > 0 and wander < 1 then
            paint.stamp(paint.glow, look.x + (wander - 0.5) * look.width * 0.8, look.y,
                { stretch_x = 0.7, stretch_y = look.height / 110, alpha = 0.12 * math.sin(wander * math.pi), add = true })
        end
    end
    g.setColor(1, 1, 1)
end

return meters
