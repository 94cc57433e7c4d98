-- SPDX-License-Identifier: BSL-1.0
-- The game without its pictures: who wagers, who wins, and when the store behind is fed. What a wager
-- contributes and what a win pays, only the library says. The world hears of it through `notify`.
local jackpot = require("jackpot")

local game = {}
game.__index = game

game.name = "diamond-line"
game.reels = 5
game.rows = 3
game.bet = 250
game.spin_seconds = 3.2

-- Amounts in cents. `odds`: one spin in so many; the others play for less, and win less often. So many
-- diamonds on the middle line are what a win looks like.
game.jackpots = {
    { pool = "minor", seed = 10000, cap = 99999, rate_ppb = 15000000, odds = 7, others_odds = 120, diamonds = 3 },
    { pool = "major", seed = 100000, cap = 999999, rate_ppb = 10000000, odds = 35, others_odds = 1500, diamonds = 4 },
    { pool = "mega", seed = 2500000, cap = 9999999, rate_ppb = 20000000, odds = 150, others_odds = 60000, diamonds = 5 },
}

local others = {
    "Amara", "Björn", "Chiara", "Dmitri", "Esther", "Farid",
    "Greta", "Hiro", "Inés", "Jonas", "Kofi", "Lena",
}
local others_wagers = { 25, 50, 100, 100, 200, 200, 500, 1000, 2500 }
local others_wagers_a_second = 11

local pump_seconds = 0.1
local pump_budget = 256
local no_pump = { operations = 0, seconds = 0 }

local function check(done, status, why)
    if done == nil then
        error(jackpot.name(status) .. ": " .. why, 0)
    end
    return done
end

-- {store = URL, mode =, random = a love.RandomGenerator, notify = function(event, ...)}
function game.new(wanted)
    local network = check(jackpot.create({
        store = wanted.store,
        mode = jackpot.mode[wanted.mode],
        history_limit = 10000,
        lag_limit = 20000,
    }))
    local self = setmetatable({
        network = network,
        mode = wanted.mode,
        random = wanted.random,
        notify = wanted.notify,
        orders = {},
        spins = 0,
        wagers = 0,
        next_wager = 0,
        since_pump = 0,
        last_pump = no_pump,
    }, game)
    for _, each in ipairs(game.jackpots) do
        check(network:ensure(each))
    end
    -- Names this run's keys. Every wager counts it up, so that no two runs over one store share a key: not
    -- after a crash either, which takes the newest operations first.
    self.session = jackpot.digits(self:pool("mega").version)
    return self
end

function game:pool(name)
    return check(self.network:pool(name))
end

function game:key()
    self.wagers = self.wagers + 1
    return self.session .. "-" .. self.wagers
end

-- Shows what is wrong with the store, where it may pass; else ends the game with it.
function game:wait_out(status, why)
    self.trouble = why
    if not jackpot.retryable(status) then
        check(nil, status, why)
    end
end

-- Orders are carried out in their order, and those of a frame share a commit. What the store cannot take at the
-- moment waits, and goes out again with its key: however often it is sent, it counts once.
function game:order(verb, request, done)
    self.orders[#self.orders + 1] = { verb = verb, request = request, done = done }
end

function game:carry_out_orders()
    local stuck = false
    while self.orders[1] and not stuck do
        local orders = self.orders
        self.orders = {}
        for _, order in ipairs(orders) do
            check(self.network[order.verb](self.network, order.request, function(receipt, status, why)
                if receipt then
                    order.done(receipt)
                else
                    stuck = true
                    self.orders[#self.orders + 1] = order
                    self:wait_out(status, why)
                end
            end))
        end
        check(self.network:commit())
    end
end

-- Draws whether a wager wins, the largest jackpot first.
function game:draw(odds)
    for i = #game.jackpots, 1, -1 do
        if self.random:random(game.jackpots[i][odds]) == 1 then
            return game.jackpots[i]
        end
    end
end

function game:order_win(won, player, done)
    local request = { pool = won.pool, game = game.name, player = player, key = self:key() }
    self:order("win", request, function(receipt)
        done(receipt.parts[0].paid)
    end)
end

-- What the reels will show: symbol 1 is the diamond.
function game:draw_reels(won)
    local diamonds = won and won.diamonds or self.random:random(0, 2)
    local columns, left = {}, game.reels
    for reel = 1, game.reels do
        columns[reel] = {}
        for row = 1, game.rows do
            columns[reel][row] = self.random:random(2, 7)
        end
        if self.random:random(left) <= diamonds then
            columns[reel][2] = 1
            diamonds = diamonds - 1
        end
        left = left - 1
    end
    return columns
end

-- Begins a spin, unless one is on its way: the wager first, and where it wins, the win at once, so that a
-- crash while the reels turn cannot come between them. What was won is shown when they stand.
function game:spin()
    if self.turning then
        return
    end
    local turning = { elapsed = 0 }
    self.turning = turning
    local request = { game = game.name, player = "you", wager = game.bet, key = self:key() }
    self:order("contribute", request, function()
        self.spins = self.spins + 1
        turning.won = self:draw("odds")
        turning.columns = self:draw_reels(turning.won)
        if turning.won then
            self:order_win(turning.won, "you", function(paid)
                turning.paid = paid
            end)
        end
        self.notify("spin", turning)
    end)
    self:carry_out_orders()
end

function game:update_spin(dt)
    local turning = self.turning
    if not turning or not turning.columns then
        return
    end
    turning.elapsed = turning.elapsed + dt
    if turning.elapsed >= game.spin_seconds and (not turning.won or turning.paid) then
        self.turning = nil
        self.notify("stop", turning)
        if turning.won then
            self.last_paid = turning.paid
            self.notify("win", turning.won, turning.paid, "you")
        end
    end
end

function game:wager_of_another()
    local player = others[self.random:random(#others)]
    local wager = others_wagers[self.random:random(#others_wagers)]
    local request = { game = game.name, player = player, wager = wager, key = self:key() }
    self:order("contribute", request, function()
        local won = self:draw("others_odds")
        if won then
            self:order_win(won, player, function(paid)
                self.notify("win", won, paid, player)
            end)
        end
    end)
end

-- Feeds the store behind a little at a time, so that no frame waits long for a disk.
function game:pump()
    local waiting = check(self.network:lag())
    local began = love.timer.getTime()
    local left, status, why = self.network:pump(pump_budget)
    if left then
        self.trouble = nil
        if waiting > left then
            self.last_pump = { operations = waiting - left, seconds = love.timer.getTime() - began }
        end
        self.notify("pump", left)
    else
        self:wait_out(status, why)
    end
end

function game:lag()
    return self.mode == "direct" and 0 or check(self.network:lag())
end

-- `quiet`: the other players rest.
function game:update(dt, quiet)
    self.next_wager = self.next_wager - dt
    while self.next_wager <= 0 and not quiet do
        self:wager_of_another()
        self.next_wager = self.next_wager - math.log(1 - self.random:random()) / others_wagers_a_second
    end
    self:carry_out_orders()
    self:update_spin(dt)
    self.since_pump = self.since_pump + dt
    if self.since_pump >= pump_seconds and self.mode ~= "direct" then
        self.since_pump = 0
        self:pump()
    end
end

-- How many operations the library decided again and found as the journal has them.
function game:audit()
    return check(self.network:audit())
end

-- Everything into the store, then ends.
function game:close()
    if self.mode ~= "direct" then
        check(self.network:flush())
    end
    self.network:close()
end

return game
