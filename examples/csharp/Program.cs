// SPDX-License-Identifier: BSL-1.0
// A small game over two linked jackpots: mcs Native.cs Jackpot.cs Program.cs && mono Native.exe
using System;
using Jackpot;

static class Program
{
    static void Show(Network net)
    {
        foreach (var name in new[] { "minor", "mega" })
        {
            var pool = net.State(name);
            Console.WriteLine("{0}: {1} cents, {2} won", name, pool.Current, pool.WinCount);
        }
    }

    static void Main(string[] arguments)
    {
        // Memory; or a URL such as sqlite://jackpots.db, which keeps the pools over restarts.
        using (var net = new Network(arguments.Length > 0 ? arguments[0] : null))
        {
            // Opens them in the first run; in every later one they are there already.
            net.Ensure("minor", new Configuration { Seed = 1000, RatePpb = 20000000 });
            net.Ensure("mega", new Configuration { Seed = 100000, Cap = 100050, RatePpb = 5000000 });

            for (int spin = 1; spin <= 100; ++spin)
                net.Contribute("Füchse", 250, player: "zoë", key: "spin-" + spin);
            Show(net);

            // The answer to this one was lost: sent again with its key it counts once.
            var again = net.Contribute("Füchse", 250, player: "zoë", key: "spin-100");
            Console.WriteLine("spin-100 again: {0}, took {1}", again.Replayed ? "replayed" : "new", again.Total);

            var won = net.Win("minor", "Füchse", "zoë").Parts[0];
            Console.WriteLine("zoë wins {0}, the house puts in {1}", won.Paid, won.FromHouse);
            won = net.Win("mega", "Füchse", "zoë").Parts[0];
            Console.WriteLine("zoë wins {0}, the overflow puts in {1}", won.Paid, won.FromOverflow);
            Show(net);

            try
            {
                net.Contribute("Füchse", 0);
            }
            catch (JackpotException refused)
            {
                Console.WriteLine("{0}, retry {1}: {2}", refused.Status, refused.Retryable, refused.Message);
            }

            // A frame's requests share one commit, and nobody waits.
            var spins = new[]
            {
                net.ContributeAsync("Füchse", 250, player: "zoë", key: "spin-101"),
                net.ContributeAsync("Füchse", 250, player: "zoë", key: "spin-102")
            };
            Console.WriteLine("{0} spins wait, more {1}", net.Waiting, net.Commit());
            foreach (var spin in spins) Console.WriteLine("{0} took {1}", spin.Status, spin.Result.Total);
            Console.WriteLine("audit: {0} operations", net.Audit());
        }
    }
}
