-- SPDX-License-Identifier: BSL-1.0
-- The whole picture, 1280 by 720, scaled to the window.
local backdrop = require("view.backdrop")
local celebration = require("view.celebration")
local game = require("game")
local meters = require("view.meters")
local paint = require("view.paint")
local reels = require("view.reels")
local symbols = require("view.symbols")
local g = love.graphics

local scene = {}
scene.__index = scene

local button = { x = 1128, y = 452, radius = 84 }
local panel = { x = 152, y = 402, width = 244, height = 330 }

function scene.new(played, seed)
    local random = love.math.newRandomGenerator(seed)
    local self = setmetatable({
        game = played,
        time = 0,
        backdrop = backdrop.new(random),
        meters = meters.new(),
        reels = reels.new(random),
        celebration = celebration.new(random),
        winners = {},
        press = 0,
        shake = 0,
    }, scene)
    self.heading = paint.lettering(17, paint.gold)
    self.small = { plain = g.newFont(13), name = g.newFont(15), value = g.newFont(22) }
    self.spin_text = paint.lettering(40, paint.gold)
    self.plate = paint.plate(panel.width, panel.height, 18, 5, paint.gold, paint.ramp("32104a", "1d0729", "12041a", "240b33"))
    self.foot = paint.plate(780, 58, 16, 4, paint.gold, paint.ramp("32104a", "1d0729", "12041a", "240b33"))
    self.button = paint.sprite(240, 240, function()
        for spread = 16, 1, -1 do
            g.setColor(0, 0, 0, 0.05)
            g.circle("fill", 120, 128, 88 + spread, 96)
        end
        g.setColor(1, 1, 1)
        paint.fill(paint.gold, 0, 32, 0, 208, function() g.circle("fill", 120, 120, 88, 96) end)
        paint.fill(paint.ramp("8a4203", "ffe08a", "fff6c8", "d08a1c"), 0, 40, 0, 200, function()
            g.circle("fill", 120, 120, 80, 96)
        end)
        g.setColor(paint.hex("3a0408"))
        g.circle("fill", 120, 120, 75, 96)
        g.setColor(1, 1, 1)
        paint.fill(paint.ramp("ff8a70", "ee2136", "a3081f", "5a0216"), 100, 80, 170, 190, function()
            g.circle("fill", 120, 120, 72, 96)
        end, true)
        paint.fill({ { 1, 1, 1, 0.6 }, { 1, 1, 1, 0.25 }, { 1, 1, 1, 0.05 }, { 1, 1, 1, 0 } }, 0, 52, 0, 120, function()
            g.ellipse("fill", 120, 88, 54, 34, 64)
        end)
    end)
    return self
end

-- What the game says, in pictures.
function scene:on(event, ...)
    if event == "spin" then
        self.reels:spin((...).columns)
    elseif event == "stop" then
        if (...).won then
            self.reels:light()
        end
    elseif event == "win" then
        local won, paid, player = ...
        table.insert(self.winners, 1, { pool = won.pool, paid = paid, player = player, age = 0 })
        self.winners[7] = nil
        self.meters:flash(won.pool)
        if player == "you" then
            self.celebration:begin(won.pool, paid)
            self.shake = 1
        end
    end
end

function scene:spin()
    if self.celebration:active() then
        self.celebration:skip()
    else
        self.press = 1
        self.game:spin()
    end
end

function scene:update(dt)
    self.time = self.time + dt
    self.press = math.max(self.press - dt * 4, 0)
    self.shake = math.max(self.shake - dt * 1.6, 0)
    self.reels:update(dt)
    self.reels.fast = self.game.turning or self.celebration:active()
    self.celebration:update(dt)
    for _, winner in ipairs(self.winners) do
        winner.age = winner.age + dt
    end
    local turning = self.game.turning
    for _, each in ipairs(game.jackpots) do
        -- A win is paid before the reels stand: until they do, the meter does not give it away.
        if not (turning and turning.won == each) then
            self.meters:update(each.pool, self.game:pool(each.pool).current, dt)
        end
    end
end

-- Whether no win is shown and every meter stands on its number.
function scene:rests()
    return not self.celebration:active() and self.meters:rest()
end

-- The numbers that the draw code last drew, by pool.
function scene:drawn(pool)
    return self.meters.list[pool].drawn
end

local function text(font, words, x, y, width, align, colour)
    g.setFont(font)
    g.setColor(0, 0, 0, 0.6)
    g.printf(words, x, y + 1, width, align)
    g.setColor(colour)
    g.printf(words, x, y, width, align)
    g.setColor(1, 1, 1)
end

function scene:draw_winners()
    local left, top = panel.x - panel.width / 2, panel.y - panel.height / 2
    paint.stamp(self.plate, panel.x, panel.y)
    self.heading:write("LATEST WINS", panel.x, top + 30)
    for i, winner in ipairs(self.winners) do
        local y = top + 52 + (i - 1) * 43
        local fresh = math.max(1 - winner.age, 0)
        local colour = paint.by_pool[winner.pool][2]
        g.setColor(1, 1, 1, 0.05 + 0.3 * fresh)
        g.rectangle("fill", left + 14, y, panel.width - 28, 38, 8)
        paint.stamp(paint.glow, left + 29, y + 19, { scale = 0.3, tint = colour, add = true })
        g.setColor(colour)
        g.circle("fill", left + 29, y + 19, 5)
        text(self.small.name, winner.player == "you" and "You" or winner.player, left + 44, y + 3, 120, "left", { 1, 0.95, 0.85 })
        text(self.small.plain, winner.pool, left + 44, y + 20, 120, "left", colour)
        text(self.small.name, paint.money(winner.paid), left + 90, y + 10, panel.width - 114, "right", { 1, 0.85, 0.45 })
    end
    if #self.winners == 0 then
        text(self.small.name, "The night is young.", left, panel.y - 8, panel.width, "center", { 0.8, 0.7, 0.85 })
    end
end

function scene:draw_button()
    local ready = not self.game.turning and not self.celebration:active()
    local pulse = ready and 0.55 + 0.25 * math.sin(self.time * 4) or 0.15
    local light = ready and 1 or 0.6
    paint.stamp(paint.glow, button.x, button.y, { scale = 2.7, tint = { 1, 0.3, 0.2 }, alpha = pulse, add = true })
    local scale = 1 - 0.06 * self.press
    paint.stamp(self.button, button.x, button.y, { scale = scale, tint = { light, light, light } })
    self.spin_text:write("SPIN", button.x, button.y + 2, { scale = scale, tint = { light, light, light } })
    text(self.small.plain, "space or click", button.x - 100, button.y + 96, 200, "center", { 1, 0.85, 0.6, 0.85 })
    for i, each in ipairs(game.jackpots) do
        local y = 232 + (i - 1) * 36
        for n = 1, each.diamonds do
            paint.stamp(symbols[1], button.x - 104 + n * 22, y, { scale = 0.2 })
        end
        text(self.small.name, each.pool:upper(), button.x + 26, y - 9, 90, "left", paint.by_pool[each.pool][2])
    end
end

function scene:draw_foot()
    local played = self.game
    paint.stamp(self.foot, 640, 640)
    local values = {
        { "BET", paint.money(game.bet) },
        { "SPINS", tostring(played.spins) },
        { "LAST WIN", played.last_paid and paint.money(played.last_paid) or "-" },
    }
    for i, value in ipairs(values) do
        local x = 640 + (i - 2) * 250
        text(self.small.plain, value[1], x - 120, 620, 240, "center", { 0.8, 0.68, 0.85 })
        text(self.small.value, value[2], x - 120, 635, 240, "center", { 1, 0.88, 0.5 })
    end
    local line
    if played.trouble then
        line = "the store does not answer, play goes on: " .. played.trouble
    elseif played.mode == "direct" then
        line = "every wager is in the store before the reels turn"
    else
        line = ("%d operations wait for the store  ·  last pump: %d in %.1f ms"):format(
            played:lag(), played.last_pump.operations, played.last_pump.seconds * 1000)
    end
    text(self.small.plain, line, 240, 686, 800, "center", played.trouble and { 1, 0.5, 0.4 } or { 0.85, 0.75, 0.9, 0.8 })
end

function scene:view()
    local width, height = g.getDimensions()
    local scale = math.min(width / 1280, height / 720)
    return (width - 1280 * scale) / 2, (height - 720 * scale) / 2, scale
end

function scene:draw()
    local x, y, scale = self:view()
    local jolt = self.shake ^ 2 * 9
    x, y = x + jolt * math.sin(self.time * 61) * scale, y + jolt * math.cos(self.time * 47) * scale
    g.translate(x, y)
    g.scale(scale)
    self.backdrop:draw(self.time, self.celebration:presence())
    self.celebration:draw_light(self.time)
    self:draw_winners()
    self:draw_button()
    self.reels:draw(self.time, x, y, scale)
    self:draw_foot()
    self.celebration:draw(self.time)
    self.meters:draw(self.time)
end

-- Whether a point of the window is on the button, or anywhere while a win is shown.
function scene:hit(window_x, window_y)
    local x, y, scale = self:view()
    local dx, dy = (window_x - x) / scale - button.x, (window_y - y) / scale - button.y
    return self.celebration:active() or dx * dx + dy * dy < button.radius ^ 2
end

return scene
