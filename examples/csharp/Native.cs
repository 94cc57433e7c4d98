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
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void Reader(IntPtr user, IntPtr request, IntPtr receipt);

    static class Native
    {
        // The file's name without lib and .so, .dll or .dylib; "__Internal" where it is linked in (iOS, WebGL).
        const string Library = "jackpot";

        public const uint AbiVersion = 2;
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
            public uint fields;
            public int rounding, on_cap, seed_from, changes;
            public uint reserved;
            public long seed, cap, rate_ppb, min_wager, max_wager, seed_rate_ppb, reserve_cap;
            public IntPtr games;
            public ulong game_count;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = 8)] public long[] spare;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_open_request
        {
            public uint struct_size, reserved;
            public IntPtr key, pool;
            public jackpot_configuration configuration;
            public IntPtr actor, reason;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_contribute_request
        {
            public uint struct_size, has_pools;
            public IntPtr key, game, player, round, site;
            public long wager;
            public IntPtr pools;
            public ulong pool_count;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_win_request
        {
            public uint struct_size, has_amount;
            public IntPtr key, pool, game, player, round, site;
            public long amount;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_hold_request
        {
            public uint struct_size, has_amount;
            public IntPtr key, pool, game, player, hold, round, site;
            public long amount;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_settle_request
        {
            public uint struct_size, reserved;
            public IntPtr key, pool, hold, actor, reason;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_configure_request
        {
            public uint struct_size;
            public int when;
            public IntPtr key, pool;
            public jackpot_configuration changes;
            public IntPtr actor, reason;
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
            public IntPtr key, pool, actor, reason;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_transfer_request
        {
            public uint struct_size, reserved;
            public IntPtr key, from, to;
            public long amount;
            public IntPtr actor, reason;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_close_request
        {
            public uint struct_size, reserved;
            public IntPtr key, pool, to;
            public long to_house;
            public IntPtr actor, reason;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_revert_request
        {
            public uint struct_size, reserved;
            public IntPtr key, reverts, actor, reason;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_part
        {
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] pool;
            public ulong version;
            public long current, overflow, carry, reserve, reserve_carry, to_pool, to_overflow, to_reserve,
                forgone, paid, from_house, from_overflow, from_reserve, from_pool, to_house, transferred;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_receipt
        {
            public uint struct_size, replayed;
            public ulong sequence;
            public long at, total;
            public IntPtr parts;
            public ulong part_capacity, part_count;
            public uint part_size, reserved;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_pool
        {
            public uint struct_size;
            public int status;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] pool;
            public jackpot_configuration configuration, pending;
            public long current, overflow, carry, reserve, reserve_carry, funded, seeded, adjusted, transferred,
                total_wagered, total_contributions, total_forgone, held, total_wins;
            public ulong wager_count, win_count, hold_count, reset_sequence, version;
            public long opened_at, modified_at, last_win_amount, last_win_at;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] last_win_game;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] last_win_player;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_held
        {
            public uint struct_size, reserved;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] hold;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] game;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] player;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] round;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = NameSize)] public byte[] site;
            public long amount, at;
            public ulong sequence;
            public long from_house, from_reserve, seeded_paid;
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
            public IntPtr key, pool, to, game, player, round, site, hold, reverts, actor, reason;
            public long amount;
            public ulong refers_to;
            public IntPtr configuration;
            public int when, has_amount;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct jackpot_history_query
        {
            public uint struct_size, fields;
            public ulong after, before, limit;
            public int newest_first, kind;
            public long from, to;
            public IntPtr pool, game, player, round, site;
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
            public long current, overflow, reserve, funded, adjusted, transferred, total_wagered,
                total_contributions, total_forgone, held, total_wins;
            public ulong wager_count, win_count;
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
        public static extern int jackpot_hold(NetworkHandle network, ref jackpot_hold_request request,
                                              ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_confirm(NetworkHandle network, ref jackpot_settle_request request,
                                                 ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_release(NetworkHandle network, ref jackpot_settle_request request,
                                                 ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_transfer(NetworkHandle network, ref jackpot_transfer_request request,
                                                  ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_close_pool(NetworkHandle network, ref jackpot_close_request request,
                                                    ref jackpot_receipt receipt);
        [DllImport(Library)]
        public static extern int jackpot_revert(NetworkHandle network, ref jackpot_revert_request request,
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
        [DllImport(Library)]
        public static extern int jackpot_submit_hold(NetworkHandle network, ref jackpot_hold_request request,
                                                     ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_confirm(NetworkHandle network, ref jackpot_settle_request request,
                                                        ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_release(NetworkHandle network, ref jackpot_settle_request request,
                                                        ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_transfer(NetworkHandle network, ref jackpot_transfer_request request,
                                                         ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_close_pool(NetworkHandle network, ref jackpot_close_request request,
                                                           ref jackpot_submission submission);
        [DllImport(Library)]
        public static extern int jackpot_submit_revert(NetworkHandle network, ref jackpot_revert_request request,
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
        public static extern int jackpot_holds(NetworkHandle network, IntPtr pool, IntPtr holds, ulong capacity,
                                               out ulong count);
        [DllImport(Library)]
        public static extern int jackpot_history(NetworkHandle network, ref jackpot_history_query query,
                                                 Reader read, IntPtr user);
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

        public static string TextOrNull(byte[] bytes) { return bytes[0] == 0 ? null : Text(bytes); }

        /// The text before the NUL.
        public static string Text(byte[] bytes)
        {
            return Encoding.UTF8.GetString(bytes, 0, Array.IndexOf(bytes, (byte)0));
        }
    }
}
