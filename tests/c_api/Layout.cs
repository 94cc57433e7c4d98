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
