// SPDX-License-Identifier: BSL-1.0
// jackpot/c_api/c_api.h in C#, name for name. Texts are pointers to UTF-8 with a NUL, as class Texts makes them.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Jackpot
{
    // What the library calls: the type of jackpot_answered, and those of an observer's functions.
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void Answered(IntPtr user, int status, IntPtr receipt, IntPtr why);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void ToldOfRequest(IntPtr context, IntPtr request, IntPtr receipt);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void ToldOfRefusal(IntPtr context, IntPtr request, int status, IntPtr why);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void ToldOfRetry(IntPtr context, int status, IntPtr why);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void ToldOfCommit(IntPtr context, IntPtr report);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate long Clock(IntPtr context);

    static class Native
    {
        // The file's name without lib and .so, .dll or .dylib; "__Internal" where it is linked in (iOS, WebGL).
        const string Library = "jackpot";

        public const uint AbiVersion = 1;
        public const int NameSize = 136;

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_environment
        {
            public IntPtr context, now, sleep, random;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_options
        {
            public uint struct_size;
            public int mode;
            public IntPtr store;
            public ulong history_limit, lag_limit, reserve_pools, reserve_journal, reserve_keys;
            public jackpot_environment environment;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_configuration
        {
            public uint fields, reserved;
            public long seed, cap, rate_ppb, min_wager;
            public int rounding, on_cap;
            public IntPtr games;
            public ulong game_count;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_open_request
        {
            public uint struct_size, reserved;
            public IntPtr key, pool;
            public jackpot_configuration configuration;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_contribute_request
        {
            public uint struct_size, has_pools;
            public IntPtr key, game, player;
            public long wager;
            public IntPtr pools;
            public ulong pool_count;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_win_request
        {
            public uint struct_size, has_amount;
            public IntPtr key, pool, game, player;
            public long amount;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_configure_request
        {
            public uint struct_size;
            public int when;
            public IntPtr key, pool;
            public jackpot_configuration changes;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_adjust_request
        {
            public uint struct_size, reserved;
            public IntPtr key, pool;
            public long delta;
            public IntPtr actor, reason;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_status_request
        {
            public uint struct_size, reserved;
            public IntPtr key, pool;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_part
        {
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] pool;
            public ulong version;
            public long current, overflow, carry, to_pool, to_overflow, forgone, paid, from_house,
                from_overflow;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_receipt
        {
            public uint struct_size, replayed;
            public ulong sequence;
            public long at, total;
            public IntPtr parts;
            public ulong part_capacity, part_count;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_pool
        {
            public uint struct_size;
            public int status;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] pool;
            public jackpot_configuration configuration, pending;
            public long current, overflow, carry, funded, adjusted, total_wagered, total_contributions,
                total_wins;
            public ulong win_count, version;
            public long opened_at, modified_at, last_win_amount, last_win_at;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] last_win_game;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] last_win_player;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_submission
        {
            public uint struct_size;
            public int first;
            public IntPtr answered, user;
            public ulong ticket;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_request
        {
            public uint struct_size;
            public int kind;
            public IntPtr key, pool, game, player, actor, reason;
            public long amount;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_commit_report
        {
            public uint struct_size, attempts;
            public ulong operations;
            public long microseconds;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_observer
        {
            public uint struct_size, reserved;
            public IntPtr context, committed, replayed, refused, retried, commit_done, clock;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_ensured
        {
            public uint struct_size, opened, changed, differs;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_statistics
        {
            public uint struct_size, reserved;
            public ulong pools;
            public long current, overflow, funded, adjusted, total_wagered, total_contributions, total_wins;
            public ulong win_count;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_lag
        {
            public uint struct_size, reserved;
            public ulong operations;
            public long oldest_at;
        }

        [DllImport(Library)] public static extern uint jackpot_abi_version();
        [DllImport(Library)] public static extern IntPtr jackpot_version();
        [DllImport(Library)] public static extern IntPtr jackpot_status_name(int status);
        [DllImport(Library)] public static extern IntPtr jackpot_status_meaning(int status);
        [DllImport(Library)] public static extern int jackpot_status_retryable(int status);

        [DllImport(Library)]
        public static extern int jackpot_create(ref jackpot_options options, out NetworkHandle network,
                                                [Out] byte[] message, uint message_size);
        [DllImport(Library)] public static extern void jackpot_destroy(IntPtr network);
        [DllImport(Library)]
        public static extern uint jackpot_last_error(NetworkHandle network, [Out] byte[] text, uint text_size);

        [DllImport(Library)]
        public static extern int jackpot_open(NetworkHandle network, ref jackpot_open_request request,
                                              ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_contribute(NetworkHandle network, ref jackpot_contribute_request request,
                                                    ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_win(NetworkHandle network, ref jackpot_win_request request,
                                             ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_configure(NetworkHandle network, ref jackpot_configure_request request,
                                                   ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_adjust(NetworkHandle network, ref jackpot_adjust_request request,
                                                ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_suspend(NetworkHandle network, ref jackpot_status_request request,
                                                 ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_resume(NetworkHandle network, ref jackpot_status_request request,
                                                ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_wager(NetworkHandle network, IntPtr game, long wager, IntPtr key,
                                               out long total);
        [DllImport(Library)]
        public static extern int jackpot_ensure(NetworkHandle network, ref jackpot_open_request request, int apply,
                                                ref jackpot_ensured ensured);
        [DllImport(Library)]
        public static extern int jackpot_submit_open(NetworkHandle network, ref jackpot_open_request request,
                                                     ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_contribute(NetworkHandle network,
                                                           ref jackpot_contribute_request request,
                                                           ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_win(NetworkHandle network, ref jackpot_win_request request,
                                                    ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_configure(NetworkHandle network,
                                                          ref jackpot_configure_request request,
                                                          ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_adjust(NetworkHandle network, ref jackpot_adjust_request request,
                                                       ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_suspend(NetworkHandle network, ref jackpot_status_request request,
                                                        ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_resume(NetworkHandle network, ref jackpot_status_request request,
                                                       ref jackpot_submission submission);
        [DllImport(Library)] public static extern int jackpot_commit(NetworkHandle network, out int more);
        [DllImport(Library)] public static extern int jackpot_cancel(NetworkHandle network, ulong ticket);
        [DllImport(Library)] public static extern void jackpot_close(NetworkHandle network);
        [DllImport(Library)] public static extern ulong jackpot_waiting(NetworkHandle network);
        [DllImport(Library)] public static extern int jackpot_reserve(NetworkHandle network, ulong submissions);
        [DllImport(Library)]
        public static extern int jackpot_observe(NetworkHandle network, ref jackpot_observer observer);
        [DllImport(Library)] public static extern int jackpot_seal(NetworkHandle network, int sealed_);

        [DllImport(Library)]
        public static extern int jackpot_pool_state(NetworkHandle network, IntPtr pool, ref jackpot_pool state);
        [DllImport(Library)]
        public static extern int jackpot_pools(NetworkHandle network, IntPtr states, ulong capacity,
                                               out ulong count);
        [DllImport(Library)]
        public static extern int jackpot_pool_games(NetworkHandle network, IntPtr pool, int pending, IntPtr games,
                                                    ulong capacity, out ulong count);
        [DllImport(Library)]
        public static extern int jackpot_statistics_of(NetworkHandle network, ref jackpot_statistics sums);
        [DllImport(Library)]
        public static extern int jackpot_audit(NetworkHandle network, out ulong operations);

        [DllImport(Library)]
        public static extern int jackpot_pump(NetworkHandle network, ulong budget, out ulong left);
        [DllImport(Library)] public static extern int jackpot_flush(NetworkHandle network);
        [DllImport(Library)] public static extern int jackpot_lag_of(NetworkHandle network, ref jackpot_lag lag);

        public static uint SizeOf<Struct>() { return (uint)Marshal.SizeOf(typeof(Struct)); }

        public static string Text(IntPtr utf8)
        {
            int length = 0;
            while (Marshal.ReadByte(utf8, length) != 0) ++length;
            var bytes = new byte[length];
            Marshal.Copy(utf8, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }

        /// The text before the NUL.
        public static string Text(byte[] bytes)
        {
            return Encoding.UTF8.GetString(bytes, 0, Array.IndexOf(bytes, (byte)0));
        }
    }
}
