// SPDX-License-Identifier: BSL-1.0
// Progressive jackpot pools in C#, over jackpot/c_api/c_api.h: a thin layer over Native.cs that frees what it takes and
// throws what was refused. The two files go into a project of .NET, Mono or Unity; they have no unsafe code.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Tasks;

namespace Jackpot
{
    /// The library's errors under the library's own numbers.
    public enum Status
    {
        Ok, InvalidOperation, InvalidKey, InvalidPool, InvalidGame, InvalidPlayer, InvalidActor, InvalidReason,
        InvalidWager, InvalidAmount, InvalidSeed, InvalidCap, InvalidRate, InvalidRounding, InvalidOnCap,
        InvalidMinWager, InvalidWhen, EmptyConfiguration, UnknownPool, PoolExists, PoolSuspended, PoolActive,
        PoolEmpty, AmountExceedsPool, CapBelowCurrent, CapExceeded, AmountOverflow, KeyConflict, Conflict,
        Unavailable, Overloaded, StoreSealed, Diverged, Corrupt, SchemaMismatch, PermissionDenied, OutOfMemory,
        Unsupported, Cancelled, InvalidMaxWager, InvalidSeedRate, InvalidReserveCap, InvalidSeedFrom, InvalidChanges,
        InvalidRound, InvalidSite, InvalidHold, InvalidTo, WagerTooLarge, ChangesLocked, PoolClosed, PoolHeld,
        PoolNotEmpty, AmountExceedsSeed, HoldExists, TooManyHolds, UnknownHold, UnknownWager
    }

    public enum Mode { Direct, Behind, Through }
    public enum Rounding { Carry, Floor }
    public enum OnCap { Divert, Stop }
    public enum SeedFrom { House, Overflow }
    public enum Changes { Any, AfterWin, Suspended }
    public enum When { Now, AfterWin, Discard }
    public enum PoolStatus { Active, Suspended, Closed }

    /// What Ensure does where the pool has another configuration.
    public enum Apply { Keep, ChangeNow, ChangeAfterWin }
    [Flags]
    public enum Fields
    {
        None = 0, Seed = 1, Cap = 2, NoCap = 4, Rate = 8, Rounding = 16, OnCap = 32, MinWager = 64, Games = 128,
        SeedRate = 256, ReserveCap = 512, NoReserveCap = 1024, SeedFrom = 2048, MaxWager = 4096, NoMaxWager = 8192,
        Changes = 16384
    }

    public sealed class JackpotException : Exception
    {
        public readonly Status Status;
        /// Can the same call succeed later, unchanged? Keyed operations are then safe to send again.
        public bool Retryable { get { return Native.jackpot_status_retryable((int)Status) != 0; } }

        internal JackpotException(int status, string message) : base(message) { Status = (Status)status; }
    }

    /// What a pool is opened with, or what of it changes: null leaves a field as it is.
    public sealed class Configuration
    {
        public long? Seed, Cap, RatePpb, MinWager, SeedRatePpb, ReserveCap, MaxWager;
        public bool NoCap, NoReserveCap, NoMaxWager;  // lifts it
        public Rounding? Rounding;
        public OnCap? OnCap;
        public SeedFrom? SeedFrom;
        public Changes? Changes;
        public IList<string> Games;
    }

    /// What an operation did to one pool; amounts that its kind does not name are 0.
    public sealed class Part
    {
        public string Pool;
        public ulong Version;
        public long Current, Overflow, Reserve, ToPool, ToOverflow, ToReserve, Forgone, Paid, FromHouse, FromOverflow,
            FromReserve, FromPool, ToHouse, Transferred;
    }

    public sealed class Receipt
    {
        public bool Replayed;  // the first receipt again, for a key that was used before
        public ulong Sequence;
        public long Total;  // the contributions to all pools together
        public ulong PartCount;
        public IList<Part> Parts;  // the first 64
    }

    /// What Ensure found, or did.
    public sealed class Ensured
    {
        public bool Opened, Changed;
        public Fields Differs;  // the fields that are now others than was asked for
    }

    public sealed class Pool
    {
        public string Name;
        public PoolStatus Status;
        public long Current, Overflow, Reserve, Held, Seeded, TotalWagered, TotalContributions, TotalForgone, TotalWins;
        public ulong WagerCount, WinCount, HoldCount, Version;
    }

    /// A win that waits to be confirmed or released. Null: it has no round, or no site.
    public sealed class Held
    {
        public string Hold, Game, Player, Round, Site;
        public long Amount, At;
        public ulong Sequence;
    }

    /// The pools of one store. It belongs to one thread at a time.
    public sealed class Network : IDisposable
    {
        readonly NetworkHandle handle_;
        IntPtr parts_ = IntPtr.Zero;
        const int capacity_ = 64;
        static readonly int part_size_ = Marshal.SizeOf(typeof(Native.jackpot_part));

        /// Over memory, or over the store of that URL.
        public Network(string store = null, Mode mode = Mode.Direct, ulong historyLimit = 0)
        {
            if (Native.jackpot_abi_version() != Native.AbiVersion)
                throw new JackpotException((int)Status.Unsupported, "libjackpot has another ABI version");
            var message = new byte[600];
            using (var texts = new Texts())
            {
                var options = new Native.jackpot_options
                {
                    struct_size = Native.SizeOf<Native.jackpot_options>(), mode = (int)mode, store = texts.Of(store),
                    history_limit = historyLimit
                };
                int status = Native.jackpot_create(ref options, out handle_, message, (uint)message.Length);
                if (status != 0) throw new JackpotException(status, Native.Text(message));
            }
            parts_ = Marshal.AllocHGlobal(part_size_ * capacity_);
        }

        public void Dispose()
        {
            handle_.Dispose();
            Marshal.FreeHGlobal(parts_);
            parts_ = IntPtr.Zero;
            GC.SuppressFinalize(this);
        }
        ~Network() { Marshal.FreeHGlobal(parts_); }

        public Receipt Open(string pool, Configuration configuration, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.OpenRequest(pool, configuration, key);
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_open(handle_, ref r, ref to));
            }
        }

        /// What a program does when it starts: opens the pool where there is none; one that is there is left as it is
        /// unless `apply` asks for the change.
        public Ensured Ensure(string pool, Configuration configuration, Apply apply = Apply.Keep, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.OpenRequest(pool, configuration, key);
                var e = new Native.jackpot_ensured { struct_size = Native.SizeOf<Native.jackpot_ensured>() };
                Check(Native.jackpot_ensure(handle_, ref r, (int)apply, ref e));
                return new Ensured { Opened = e.opened != 0, Changed = e.changed != 0, Differs = (Fields)e.differs };
            }
        }

        /// Feeds the pools of the list; without one, every pool of the game.
        public Receipt Contribute(string game, long wager, string player = null, IList<string> pools = null,
                                  string key = null, string round = null, string site = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.ContributeRequest(game, wager, player, pools, key, round, site);
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_contribute(handle_, ref r, ref to));
            }
        }

        /// Without an amount: all that the pool holds.
        public Receipt Win(string pool, string game, string player, long? amount = null, string key = null,
                           string round = null, string site = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.WinRequest(pool, game, player, amount, key, round, site);
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_win(handle_, ref r, ref to));
            }
        }

        /// A win that waits for somebody to verify it, under a name of its own: then Confirm or Release it.
        public Receipt Hold(string pool, string game, string player, string hold, long? amount = null, string key = null,
                            string round = null, string site = null)
        {
            using (var texts = new Texts())
            {
                var r = new Native.jackpot_hold_request
                {
                    struct_size = Native.SizeOf<Native.jackpot_hold_request>(), has_amount = amount.HasValue ? 1u : 0u,
                    key = texts.Of(key), pool = texts.Of(pool), game = texts.Of(game), player = texts.Of(player),
                    hold = texts.Of(hold), round = texts.Of(round), site = texts.Of(site), amount = amount ?? 0
                };
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_hold(handle_, ref r, ref to));
            }
        }
        public Receipt Confirm(string pool, string hold, string actor, string reason = null, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.SettleRequest(pool, hold, actor, reason, key);
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_confirm(handle_, ref r, ref to));
            }
        }
        public Receipt Release(string pool, string hold, string actor, string reason, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.SettleRequest(pool, hold, actor, reason, key);
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_release(handle_, ref r, ref to));
            }
        }

        /// Takes a cancelled wager, by its key, out of the meters. Safe to send again.
        public Receipt Revert(string reverts, string actor, string reason)
        {
            using (var texts = new Texts())
            {
                var r = new Native.jackpot_revert_request
                {
                    struct_size = Native.SizeOf<Native.jackpot_revert_request>(), reverts = texts.Of(reverts),
                    actor = texts.Of(actor), reason = texts.Of(reason)
                };
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_revert(handle_, ref r, ref to));
            }
        }

        /// The same for a program that must not wait: a Commit of the network's thread, in a game one a frame, answers
        /// all that wait by then, and their tasks go on within it. Any thread may call these.
        public Task<Receipt> ContributeAsync(string game, long wager, string player = null,
                                             IList<string> pools = null, string key = null, string round = null,
                                             string site = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.ContributeRequest(game, wager, player, pools, key, round, site);
                return Submit((ref Native.jackpot_submission s) =>
                                  Native.jackpot_submit_contribute(handle_, ref r, ref s));
            }
        }
        public Task<Receipt> WinAsync(string pool, string game, string player, long? amount = null, string key = null,
                                      string round = null, string site = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.WinRequest(pool, game, player, amount, key, round, site);
                return Submit((ref Native.jackpot_submission s) => Native.jackpot_submit_win(handle_, ref r, ref s));
            }
        }

        /// One commit for those that wait. True: others wait by now.
        public bool Commit()
        {
            int more;
            Check(Native.jackpot_commit(handle_, out more));
            return more != 0;
        }
        public ulong Waiting { get { return Native.jackpot_waiting(handle_); } }

        public Receipt Configure(string pool, When when, Configuration changes = null, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = new Native.jackpot_configure_request
                {
                    struct_size = Native.SizeOf<Native.jackpot_configure_request>(), when = (int)when,
                    key = texts.Of(key), pool = texts.Of(pool), changes = texts.Of(changes)
                };
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_configure(handle_, ref r, ref to));
            }
        }

        public Receipt Adjust(string pool, long delta, string actor, string reason, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = new Native.jackpot_adjust_request
                {
                    struct_size = Native.SizeOf<Native.jackpot_adjust_request>(), key = texts.Of(key),
                    pool = texts.Of(pool), delta = delta, actor = texts.Of(actor), reason = texts.Of(reason)
                };
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_adjust(handle_, ref r, ref to));
            }
        }

        public Receipt Suspend(string pool, string key = null, string actor = null, string reason = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.StatusRequest(pool, key, actor, reason);
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_suspend(handle_, ref r, ref to));
            }
        }

        public Receipt Resume(string pool, string key = null, string actor = null, string reason = null)
        {
            using (var texts = new Texts())
            {
                var r = texts.StatusRequest(pool, key, actor, reason);
                return Answer((ref Native.jackpot_receipt to) => Native.jackpot_resume(handle_, ref r, ref to));
            }
        }

        /// Moves money from a suspended pool to another one.
        public Receipt Transfer(string from, string to, long amount, string actor, string reason, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = new Native.jackpot_transfer_request
                {
                    struct_size = Native.SizeOf<Native.jackpot_transfer_request>(), key = texts.Of(key),
                    from = texts.Of(from), to = texts.Of(to), amount = amount, actor = texts.Of(actor),
                    reason = texts.Of(reason)
                };
                return Answer((ref Native.jackpot_receipt into) => Native.jackpot_transfer(handle_, ref r, ref into));
            }
        }

        /// Ends a suspended pool for ever. What it holds goes to another one, but what the house takes back.
        public Receipt Close(string pool, string to, string actor, string reason, long toHouse = 0, string key = null)
        {
            using (var texts = new Texts())
            {
                var r = new Native.jackpot_close_request
                {
                    struct_size = Native.SizeOf<Native.jackpot_close_request>(), key = texts.Of(key),
                    pool = texts.Of(pool), to = texts.Of(to), to_house = toHouse, actor = texts.Of(actor),
                    reason = texts.Of(reason)
                };
                return Answer((ref Native.jackpot_receipt into) => Native.jackpot_close_pool(handle_, ref r, ref into));
            }
        }

        public Pool State(string pool)
        {
            using (var texts = new Texts())
            {
                var p = new Native.jackpot_pool { struct_size = Native.SizeOf<Native.jackpot_pool>() };
                Check(Native.jackpot_pool_state(handle_, texts.Of(pool), ref p));
                return new Pool
                {
                    Name = Native.Text(p.pool), Status = (PoolStatus)p.status, Current = p.current,
                    Overflow = p.overflow, Reserve = p.reserve, Held = p.held, Seeded = p.seeded,
                    TotalWagered = p.total_wagered, TotalContributions = p.total_contributions,
                    TotalForgone = p.total_forgone, TotalWins = p.total_wins, WagerCount = p.wager_count,
                    WinCount = p.win_count, HoldCount = p.hold_count, Version = p.version
                };
            }
        }

        /// The open holds of a pool, by their names.
        public IList<Held> Holds(string pool)
        {
            int size = Marshal.SizeOf(typeof(Native.jackpot_held));
            var holds = new List<Held>();
            using (var texts = new Texts())
            {
                var name = texts.Of(pool);
                ulong count;
                Check(Native.jackpot_holds(handle_, name, IntPtr.Zero, 0, out count));
                var room = texts.Take(size * ((int)count + 1));
                Marshal.WriteInt32(room, size);
                Check(Native.jackpot_holds(handle_, name, room, count, out count));
                for (int i = 0; (ulong)i < count; ++i)
                {
                    var h = (Native.jackpot_held)Marshal.PtrToStructure(IntPtr.Add(room, i * size),
                                                                        typeof(Native.jackpot_held));
                    holds.Add(new Held
                    {
                        Hold = Native.Text(h.hold), Game = Native.Text(h.game), Player = Native.Text(h.player),
                        Round = Native.TextOrNull(h.round), Site = Native.TextOrNull(h.site), Amount = h.amount,
                        At = h.at, Sequence = h.sequence
                    });
                }
            }
            return holds;
        }

        /// How many operations the journal holds, each of which was decided again.
        public ulong Audit()
        {
            ulong operations;
            Check(Native.jackpot_audit(handle_, out operations));
            return operations;
        }

        /// Carries what waits into the store behind, and says how many operations still wait.
        public ulong Pump(ulong budget)
        {
            ulong left;
            Check(Native.jackpot_pump(handle_, budget, out left));
            return left;
        }
        public void Flush() { Check(Native.jackpot_flush(handle_)); }

        delegate int Operation(ref Native.jackpot_receipt to);

        Receipt Answer(Operation operation)
        {
            var r = new Native.jackpot_receipt
            {
                struct_size = Native.SizeOf<Native.jackpot_receipt>(), parts = parts_, part_capacity = capacity_,
                part_size = (uint)part_size_
            };
            Check(operation(ref r));
            return Read(r);
        }

        delegate int Submission(ref Native.jackpot_submission s);

        // One for all requests, kept from the collector; the user pointer of each is its task.
        static readonly Answered answered_ = OnAnswered;
        static readonly IntPtr answered_function_ = Marshal.GetFunctionPointerForDelegate(answered_);

        Task<Receipt> Submit(Submission submission)
        {
            var task = new TaskCompletionSource<Receipt>();
            var user = GCHandle.Alloc(task);
            var s = new Native.jackpot_submission
            {
                struct_size = Native.SizeOf<Native.jackpot_submission>(), answered = answered_function_,
                user = GCHandle.ToIntPtr(user)
            };
            int status = submission(ref s);
            if (status != 0) user.Free();
            Check(status);
            return task.Task;
        }

        // Unity's IL2CPP wants [AOT.MonoPInvokeCallback(typeof(Answered))] here.
        static void OnAnswered(IntPtr user, int status, IntPtr receipt, IntPtr why)
        {
            var handle = GCHandle.FromIntPtr(user);
            var task = (TaskCompletionSource<Receipt>)handle.Target;
            handle.Free();
            if (status != 0)
                task.SetException(new JackpotException(status, Native.Text(why)));
            else
                task.SetResult(Read((Native.jackpot_receipt)Marshal.PtrToStructure(receipt,
                                                                                   typeof(Native.jackpot_receipt))));
        }

        static Receipt Read(Native.jackpot_receipt r)
        {
            var receipt = new Receipt
            {
                Replayed = r.replayed != 0, Sequence = r.sequence, Total = r.total,
                PartCount = r.part_count, Parts = new List<Part>()
            };
            for (int i = 0; (ulong)i < r.part_capacity && (ulong)i < r.part_count; ++i)
            {
                var p = (Native.jackpot_part)Marshal.PtrToStructure(IntPtr.Add(r.parts, i * (int)r.part_size),
                                                                    typeof(Native.jackpot_part));
                receipt.Parts.Add(new Part
                {
                    Pool = Native.Text(p.pool), Version = p.version, Current = p.current, Overflow = p.overflow,
                    Reserve = p.reserve, ToPool = p.to_pool, ToOverflow = p.to_overflow, ToReserve = p.to_reserve,
                    Forgone = p.forgone, Paid = p.paid, FromHouse = p.from_house, FromOverflow = p.from_overflow,
                    FromReserve = p.from_reserve, FromPool = p.from_pool, ToHouse = p.to_house,
                    Transferred = p.transferred
                });
            }
            return receipt;
        }

        void Check(int status)
        {
            if (status == 0) return;
            var message = new byte[600];
            Native.jackpot_last_error(handle_, message, (uint)message.Length);
            throw new JackpotException(status, Native.Text(message));
        }
    }

    sealed class NetworkHandle : SafeHandle
    {
        public NetworkHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Native.jackpot_destroy(handle); return true; }
    }

    /// UTF-8 copies for the time of one call. What is not Unicode, or has a NUL, is refused and never repaired.
    sealed class Texts : IDisposable
    {
        static readonly UTF8Encoding utf8_ = new UTF8Encoding(false, true);
        readonly List<IntPtr> taken_ = new List<IntPtr>();

        public IntPtr Of(string text)
        {
            if (text == null) return IntPtr.Zero;
            if (text.IndexOf('\0') >= 0) throw new ArgumentException("a NUL in a text: " + text.Replace('\0', ' '));
            var bytes = utf8_.GetBytes(text + '\0');
            var copy = Take(bytes.Length);
            Marshal.Copy(bytes, 0, copy, bytes.Length);
            return copy;
        }
        public IntPtr Of(IList<string> texts)
        {
            if (texts == null) return IntPtr.Zero;
            var list = Take((texts.Count + 1) * IntPtr.Size);
            for (int i = 0; i < texts.Count; ++i) Marshal.WriteIntPtr(list, i * IntPtr.Size, Of(texts[i]));
            return list;
        }
        public Native.jackpot_configuration Of(Configuration c)
        {
            var to = new Native.jackpot_configuration();
            if (c == null) return to;
            to.fields = (c.Seed.HasValue ? 1u : 0) | (c.Cap.HasValue ? 2u : 0) | (c.NoCap ? 4u : 0) |
                        (c.RatePpb.HasValue ? 8u : 0) | (c.Rounding.HasValue ? 16u : 0) |
                        (c.OnCap.HasValue ? 32u : 0) | (c.MinWager.HasValue ? 64u : 0) | (c.Games != null ? 128u : 0) |
                        (c.SeedRatePpb.HasValue ? 256u : 0) | (c.ReserveCap.HasValue ? 512u : 0) |
                        (c.NoReserveCap ? 1024u : 0) | (c.SeedFrom.HasValue ? 2048u : 0) |
                        (c.MaxWager.HasValue ? 4096u : 0) | (c.NoMaxWager ? 8192u : 0) |
                        (c.Changes.HasValue ? 16384u : 0);
            to.seed_rate_ppb = c.SeedRatePpb ?? 0;
            to.reserve_cap = c.ReserveCap ?? 0;
            to.max_wager = c.MaxWager ?? 0;
            to.seed_from = (int)(c.SeedFrom ?? 0);
            to.changes = (int)(c.Changes ?? 0);
            to.seed = c.Seed ?? 0;
            to.cap = c.Cap ?? 0;
            to.rate_ppb = c.RatePpb ?? 0;
            to.min_wager = c.MinWager ?? 0;
            to.rounding = (int)(c.Rounding ?? 0);
            to.on_cap = (int)(c.OnCap ?? 0);
            to.games = Of(c.Games);
            to.game_count = c.Games == null ? 0 : (ulong)c.Games.Count;
            return to;
        }
        public Native.jackpot_open_request OpenRequest(string pool, Configuration configuration, string key)
        {
            return new Native.jackpot_open_request
            {
                struct_size = Native.SizeOf<Native.jackpot_open_request>(), key = Of(key), pool = Of(pool),
                configuration = Of(configuration)
            };
        }
        public Native.jackpot_contribute_request ContributeRequest(string game, long wager, string player,
                                                                   IList<string> pools, string key, string round,
                                                                   string site)
        {
            return new Native.jackpot_contribute_request
            {
                struct_size = Native.SizeOf<Native.jackpot_contribute_request>(), key = Of(key), game = Of(game),
                player = Of(player), round = Of(round), site = Of(site), wager = wager, has_pools = pools == null ? 0u : 1u, pools = Of(pools),
                pool_count = pools == null ? 0 : (ulong)pools.Count
            };
        }
        public Native.jackpot_win_request WinRequest(string pool, string game, string player, long? amount, string key,
                                                     string round, string site)
        {
            return new Native.jackpot_win_request
            {
                struct_size = Native.SizeOf<Native.jackpot_win_request>(), key = Of(key), pool = Of(pool),
                game = Of(game), player = Of(player), round = Of(round), site = Of(site),
                has_amount = amount.HasValue ? 1u : 0u, amount = amount ?? 0
            };
        }
        public Native.jackpot_settle_request SettleRequest(string pool, string hold, string actor, string reason,
                                                           string key)
        {
            return new Native.jackpot_settle_request
            {
                struct_size = Native.SizeOf<Native.jackpot_settle_request>(), key = Of(key), pool = Of(pool),
                hold = Of(hold), actor = Of(actor), reason = Of(reason)
            };
        }
        public Native.jackpot_status_request StatusRequest(string pool, string key, string actor, string reason)
        {
            return new Native.jackpot_status_request
            {
                struct_size = Native.SizeOf<Native.jackpot_status_request>(), key = Of(key), pool = Of(pool),
                actor = Of(actor), reason = Of(reason)
            };
        }
        public void Dispose() { foreach (var copy in taken_) Marshal.FreeHGlobal(copy); }

        public IntPtr Take(int size)
        {
            taken_.Add(Marshal.AllocHGlobal(size));
            return taken_[taken_.Count - 1];
        }
    }
}
