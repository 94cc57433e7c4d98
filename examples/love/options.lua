-- SPDX-License-Identifier: BSL-1.0
-- The command line. conf.lua needs it before there is a window, main.lua after.
local usage = [[
love examples/love [option...]
  --library FILE     libjackpot; otherwise libjackpot.so in build/c-api or build/dev, or the system's
  --store FILE       the SQLite file that keeps the jackpots; otherwise one in the game's save folder
  --mode MODE        behind (default): memory answers, the file follows; through: each answer waits for the
                     file; direct: there is only the file
  --seed N           the draw, the other players and the coins, repeatable
  --spins N          plays N spins on a fixed time step without waiting, reports on stdout, and ends
  --screenshot FILE  with --spins: a picture (PNG) of the largest win
  --headless         no window; without --spins it plays until it is ended
]]

local takes_value = { library = true, store = true, mode = true, seed = true, spins = true, screenshot = true }
local numbers = { seed = true, spins = true }

local function refuse(why)
    io.stderr:write(why, "\n", usage)
    os.exit(2)
end

local options = { mode = "behind" }
local i = 2 -- arg[1] is the game's folder
while arg[i] do
    local name = arg[i]:match("^%-%-(%a+)$")
    if name == "help" then
        io.stdout:write(usage)
        os.exit(0)
    elseif name == "headless" then
        options.headless = true
    elseif takes_value[name] then
        i = i + 1
        local value = arg[i] or refuse("--" .. name .. " needs a value")
        if numbers[name] then
            local number = tonumber(value)
            if not number or number < 0 or number % 1 ~= 0 or number > 2 ^ 53 then
                refuse("--" .. name .. " needs a whole number, not " .. value)
            end
            value = number
        end
        options[name] = value
    else
        refuse("unknown option " .. arg[i])
    end
    i = i + 1
end
if options.screenshot and (options.headless or not options.spins) then
    refuse("--screenshot needs --spins and a window")
end
return options
