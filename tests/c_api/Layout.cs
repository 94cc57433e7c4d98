// SPDX-License-Identifier: BSL-1.0
// Of every struct of Native a line with its size, and one a field with its offset; loads every function, and tries
// what the layer over them refuses by itself.
using System;
using System.Reflection;
using System.Runtime.InteropServices;
using Jackpot;

static class Layout
{
    static void Refuses<Refusal>(Action call) where Refusal : Exception
    {
        try { call(); }
        catch (Refusal) { return; }
        throw new Exception("not refused by " + typeof(Refusal));
    }

    static void Main()
    {
        foreach (var type in typeof(Native).GetNestedTypes())
        {
            Console.WriteLine("{0} {1}", type.Name, Marshal.SizeOf(type));
            foreach (var field in type.GetFields())
                Console.WriteLine("{0}.{1} {2}", type.Name, field.Name, Marshal.OffsetOf(type, field.Name));
        }
        foreach (var method in typeof(Native).GetMethods(BindingFlags.Static | BindingFlags.Public))
            if (method.Name.StartsWith("jackpot_")) Marshal.Prelink(method);

        var net = new Network();
        net.Open("minor", new Configuration { Seed = 5, Games = new[] { "a", "b" } });
        var there = net.Ensure("minor", new Configuration { Seed = 5, Cap = 50, Games = new[] { "b", "a" } });
        if (there.Opened || there.Changed || there.Differs != Fields.Cap) throw new Exception("Ensure: " + there.Differs);
        Refuses<ArgumentException>(() => net.State("min\0or"));
        Refuses<ArgumentException>(() => net.State("minor\ud800"));
        Refuses<JackpotException>(() => net.Contribute("a", 1, pools: new string[] { null }));
        net.Hold("minor", "a", "ann", "h-1", round: "r-7");
        var held = net.Holds("minor");
        if (held.Count != 1 || held[0].Amount != 5 || held[0].Round != "r-7" || held[0].Site != null)
            throw new Exception("Holds: " + held.Count);
        if (net.Confirm("minor", "h-1", "bob").Parts[0].Paid != 5 || net.State("minor").HoldCount != 0)
            throw new Exception("Confirm");
        net.Hold("minor", "a", "ann", "h-2");
        if (net.Release("minor", "h-2", "bob", "no win").Parts[0].ToHouse != 5) throw new Exception("Release");
        net.Contribute("a", 1000, key: "bet", site: "north");
        net.Revert("bet", "bob", "cancelled");
        if (net.State("minor").WagerCount != 0) throw new Exception("Revert");
        net.Open("other", new Configuration { MaxWager = 10, NoReserveCap = true, Changes = Changes.AfterWin });
        Refuses<JackpotException>(() => net.Contribute("c", 11));
        net.Suspend("minor", actor: "bob", reason: "season");
        net.Transfer("minor", "other", 2, "bob", "season");
        if (net.Close("minor", "other", "bob", "season", toHouse: 1).Parts.Count != 2 ||
            net.State("minor").Status != PoolStatus.Closed || net.State("other").Current != 4)
            throw new Exception("Close");
        net.Open("minor-2", new Configuration());
        var wins = net.WinAsync("none", "a", "ann");
        if (wins.IsCompleted || net.Waiting != 1 || net.Commit() || !wins.IsFaulted)
            throw new Exception("WinAsync: " + wins.Status);
        Refuses<JackpotException>(() => { throw wins.Exception.InnerException; });
        var left = net.ContributeAsync("a", 1);
        net.Dispose();
        net.Dispose();
        if (((JackpotException)left.Exception.InnerException).Status != Status.Cancelled) throw new Exception("left");
        Refuses<ObjectDisposedException>(() => net.State("minor"));
    }
}
