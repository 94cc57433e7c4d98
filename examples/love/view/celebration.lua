-- SPDX-License-Identifier: BSL-1.0
-- A win: the room goes dark, a banner opens, coins fly, and the amount counts up to what was paid.
local paint = require("view.paint")
local symbols = require("view.symbols")
local g = love.graphics

local celebration = {}
celebration.__index = celebration

local lengths = { minor = 4.5, major = 5.5, mega = 7 }
local crowds = { minor = 90, major = 150, mega = 230 }
local confetti_colours = { "ff4f6d", "ffd24e", "5fe0ff", "8dff9a", "d58bff" }

local function clamp(x)
    return math.max(0, math.min(1, x))
end

local function back_out(t)
    t = clamp(t) - 1
    return 1 + 2.7 * t ^ 3 + 1.7 * t * t
end

function celebration.new(random)
    local self = setmetatable({ random = random, coins = {}, confetti = {} }, celebration)
    self.amount = paint.lettering(100, paint.gold)
    self.titles = {}
    for pool, ramp in pairs(paint.by_pool) do
        self.titles[pool] = paint.lettering(42, ramp, paint.hex("1c0420"))
    end
    self.beam = paint.sprite(200, 640, function(w, h)
        local ramp = { { 1, 1, 1, 0 }, { 1, 1, 1, 0.2 }, { 1, 1, 1, 0.45 }, { 1, 1, 1, 0.85 } }
        paint.fill(ramp, 0, 0, 0, h / 2, function() g.polygon("fill", w * 0.05, 0, w * 0.95, 0, w / 2, h / 2) end)
    end)
    self.band = paint.sprite(1280, 206, function(w, h)
        local ramp = { { 0.12, 0.01, 0.14, 0 }, { 0.10, 0.01, 0.13, 0.9 }, { 0.10, 0.01, 0.13, 0.9 }, { 0.12, 0.01, 0.14, 0 } }
        paint.fill(ramp, 0, 0, w, 0, function() g.rectangle("fill", 0, 16, w, h - 32) end)
        for _, y in ipairs({ 14, h - 20 }) do
            local gold = { { 1, 0.8, 0.3, 0 }, { 1, 0.92, 0.6, 1 }, { 1, 0.92, 0.6, 1 }, { 1, 0.8, 0.3, 0 } }
            paint.fill(gold, 60, 0, w - 60, 0, function() g.rectangle("fill", 0, y, w, 5) end)
        end
    end)
    return self
end

-- `paid` is a 64-bit amount; what is shown at the end is exactly that.
function celebration:begin(pool, paid)
    self.pool, self.paid, self.age, self.length = pool, paid, 0, lengths[pool]
    self.left_to_throw = crowds[pool]
    self.coins, self.confetti = {}, {}
end

function celebration:active()
    return self.pool ~= nil
end

function celebration:skip()
    if self.pool and self.age > 0.6 then
        self.age = math.max(self.age, self.length - 0.5)
    end
end

function celebration:throw()
    local random, side = self.random, self.random:random() < 0.5 and -1 or 1
    local function spread(from, to) return from + random:random() * (to - from) end
    self.coins[#self.coins + 1] = {
        x = 640 + side * spread(300, 430), y = 690, vx = -side * spread(-120, 420), vy = -spread(560, 1080),
        size = spread(0.55, 1.25), turn = spread(0, 6), tumble = spread(4, 13), tilt = spread(-0.6, 0.6),
    }
    self.confetti[#self.confetti + 1] = {
        x = spread(0, 1280), y = spread(-160, -10), vx = spread(-40, 40), vy = spread(90, 230),
        turn = spread(0, 6), tumble = spread(2, 8), colour = paint.hex(confetti_colours[random:random(#confetti_colours)]),
    }
end

local function move(list, dt, weight)
    for i = #list, 1, -1 do
        local each = list[i]
        each.vy = each.vy + weight * dt
        each.x, each.y = each.x + each.vx * dt, each.y + each.vy * dt
        each.turn = each.turn + each.tumble * dt
        if each.y > 780 then
            list[i] = list[#list]
            list[#list] = nil
        end
    end
end

function celebration:update(dt)
    move(self.coins, dt, 900)
    move(self.confetti, dt, 0)
    if not self.pool then
        return
    end
    self.age = self.age + dt
    local due = crowds[self.pool] * (1 - clamp(self.age / (self.length - 1.5)))
    while self.left_to_throw > due do
        self.left_to_throw = self.left_to_throw - 1
        self:throw()
    end
    if self.age >= self.length then
        self.pool = nil
    end
end

-- How much of the room the win takes, 0 to 1.
function celebration:presence()
    return self.pool and math.min(clamp(self.age / 0.3), clamp((self.length - self.age) / 0.4)) or 0
end

function celebration:shown_amount()
    local t = clamp((self.age - 0.3) / (self.length * 0.35))
    if t == 1 then
        return self.paid
    end
    return math.floor(tonumber(self.paid) * (1 - (1 - t) ^ 3))
end

local function draw_coins(coins)
    for _, coin in ipairs(coins) do
        local face = math.cos(coin.turn)
        local light = 0.55 + 0.45 * math.abs(face)
        -- The rim shows where the coin stands edge on.
        paint.stamp(symbols.coin, coin.x + 1.5, coin.y + 2, {
            scale = coin.size, stretch_x = math.abs(face) + 0.14, turn = coin.tilt, tint = { 0.55, 0.36, 0.1 },
        })
        paint.stamp(symbols.coin, coin.x, coin.y, {
            scale = coin.size, stretch_x = math.max(math.abs(face), 0.08), turn = coin.tilt, tint = { light, light, light },
        })
        if math.abs(face) > 0.96 then
            paint.stamp(paint.glow, coin.x - 5 * coin.size, coin.y - 6 * coin.size, {
                scale = 0.32 * coin.size, tint = { 1, 0.9, 0.6 }, add = true,
            })
        end
    end
end

-- The light behind the machine.
function celebration:draw_light(time)
    local presence = self:presence()
    if presence > 0 then
        local colour = paint.by_pool[self.pool][2]
        for i = 0, 15 do
            local turn = i * math.pi / 8 + time * 0.25
            paint.stamp(self.beam, 640, 400, {
                turn = turn, stretch_x = i % 2 == 0 and 0.8 or 0.5, stretch_y = 1.15 + 0.15 * math.sin(time * 2 + i),
                tint = i % 2 == 0 and { 1, 0.75, 0.3 } or colour, alpha = 0.5 * presence, add = true,
            })
        end
        paint.stamp(paint.glow, 640, 400, {
            stretch_x = 7, stretch_y = 3.4, tint = { 1, 0.55, 0.2 }, alpha = 0.6 * presence, add = true,
        })
    end
end

function celebration:draw(time)
    local presence = self:presence()
    for _, piece in ipairs(self.confetti) do
        g.push()
        g.translate(piece.x, piece.y)
        g.rotate(piece.turn * 0.4)
        local light = 0.6 + 0.4 * math.abs(math.sin(piece.turn))
        g.setColor(piece.colour[1] * light, piece.colour[2] * light, piece.colour[3] * light)
        g.rectangle("fill", -5, -7 * math.sin(piece.turn), 10, 14 * math.sin(piece.turn))
        g.pop()
    end
    g.setColor(1, 1, 1)
    if presence > 0 then
        local open = back_out(self.age / 0.45)
        paint.stamp(self.band, 640, 517, { stretch_y = math.max(open, 0.02) * presence, alpha = presence })
    end
    draw_coins(self.coins)
    if presence > 0 then
        local open = back_out((self.age - 0.12) / 0.5)
        local pulse = 1 + 0.02 * math.sin(time * 6)
        if open > 0 then
            paint.stamp(paint.glow, 640, 545, {
                stretch_x = 5.5, stretch_y = 1.5, tint = { 1, 0.6, 0.15 }, alpha = 0.5 * presence, add = true,
            })
            self.titles[self.pool]:write(self.pool:upper() .. " JACKPOT", 640, 466, { scale = open, alpha = presence })
            self.amount:write(paint.money(self:shown_amount()), 640, 546, { scale = open * pulse, alpha = presence })
        end
    end
end

return celebration
