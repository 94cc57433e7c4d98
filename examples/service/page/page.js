// SPDX-License-Identifier: BSL-1.0
// The live page. The server says amounts as decimal strings of minor units, and they stay BigInt to the last digit.
// A meter shows at most what was last said, rises towards that, and falls only where a newer frame says less.

const decimals = Number(document.body.dataset.decimals ?? 2);
const reduced = matchMedia("(prefers-reduced-motion: reduce)");
const $ = (id) => document.getElementById(id);
const make = (tag, name = "", text = "") =>
    Object.assign(document.createElement(tag), { className: name, textContent: text });

/** Minor units in words: groups of three between narrow spaces, and the decimals that the page is told of. */
const spell = (units) => {
    const digits = String(units).padStart(decimals + 1, "0");
    const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, "\u202f");
    return decimals ? `${whole}.${digits.slice(-decimals)}` : whole;
};
const clock = (at) => new Date(at).toLocaleTimeString([], { hour12: false });

// ---- meters

const meters = new Map();
const ROLL_MS = 140; // how long a wheel takes from one digit to the next, at most
const BLUR_MS = 25;  // a wheel that turns more often does not roll: it is read at no point anyway
const PAUSE_MS = 1500;

const open = (group) => {
    const known = [...$("meters").children].find((each) => each.dataset.group === group);
    const card = known ?? make("article", "meter");
    card.dataset.group = group;
    const output = card.querySelector("output") ?? make("output");
    output.setAttribute("aria-live", "off"); // it would never stop talking
    const wheels = make("div", "wheels");
    wheels.setAttribute("aria-hidden", "true");
    const chart = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const settings = { viewBox: "0 0 59 20", preserveAspectRatio: "none", "aria-hidden": "true" };
    for (const [name, value] of Object.entries(settings)) chart.setAttribute(name, value);
    chart.append(document.createElementNS(chart.namespaceURI, "path"), document.createElementNS(chart.namespaceURI, "path"));
    const note = make("p", "note");
    card.replaceChildren(card.querySelector("h2") ?? make("h2", "", group), output, wheels, note, chart);
    card.classList.add("live");
    $("meters").append(card); // the largest first, as they are opened
    const meter = { card, output, wheels, note, chart, version: -1n, spelled: "", sampled: null, grown: [],
        earlier: { value: 0n, at: 0 }, newest: { value: 0n, at: 0 } };
    meters.set(group, meter);
    return meter;
};

/** What include/jackpot/rules/odometer.hpp says, in milliseconds: it never overstates, and falls only where the meter did. */
export const odometer = (earlier, newest, now) => {
    const pace = newest.at - earlier.at;
    const passed = Math.max(0, now - newest.at);
    if (newest.value <= earlier.value || passed >= pace || pace > PAUSE_MS) return newest.value;
    return earlier.value + (newest.value - earlier.value) * BigInt(Math.floor((passed * 1e9) / pace)) / 1000000000n;
};

/** What a meter shows now. */
const shown = (meter, now) => reduced.matches ? meter.newest.value : odometer(meter.earlier, meter.newest, now);

/** One element a character: a strip of digits behind a window, or what stands between digits. */
const lay = (meter, spelled) => {
    const point = decimals ? spelled.length - decimals - 1 : spelled.length;
    meter.strips = [];
    meter.wheels.replaceChildren(...[...spelled].map((each, at) => {
        const cents = at > point ? " cents" : "";
        if (!/\d/.test(each)) return make("span", each === "." ? "point" : "gap", each);
        const window = make("span", "wheel" + cents);
        window.append(make("span", "strip", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n0"));
        meter.strips.unshift(Object.assign(window.firstChild, { since: 0, takes: 0 }));
        return window;
    }));
    meter.card.style.setProperty("--room", (point + (decimals ? 0.4 + 0.62 * decimals : 0)).toFixed(2));
    meter.spelled = spelled;
};

/** Draws a meter; true while it moves. A wheel rolls to a digit once the value is there, and the lower ones are never
    behind the higher ones: the row at no moment reads more than the value. */
const draw = (meter, now) => {
    const value = shown(meter, now);
    const spelled = spell(value);
    if (spelled.length !== meter.spelled.length) lay(meter, spelled);
    let moves = value < meter.newest.value;
    let unit = 1n;
    for (const strip of meter.strips) {
        const turns = value / unit;
        if (turns !== strip.turns) {
            const pause = now - strip.since;
            strip.takes = turns - 1n === strip.turns && pause > BLUR_MS && !reduced.matches ? Math.min(ROLL_MS, pause) : 0;
            Object.assign(strip, { turns, since: now });
        }
        const left = strip.takes > 0 ? Math.max(0, 1 - (now - strip.since) / strip.takes) : 0;
        const place = (Number(turns % 10n) - left + 10) % 10;
        if (place !== strip.place) strip.style.transform = `translateY(${(-100 / 11) * (strip.place = place)}%)`;
        moves ||= left > 0;
        unit *= 10n;
    }
    return moves;
};

let drawing = false;
const paint = (now) => {
    drawing = [...meters.values()].filter((meter) => draw(meter, now)).length > 0;
    if (drawing) requestAnimationFrame(paint);
};

/** Takes what a frame says of a meter. A frame that was overtaken says nothing. */
const hear = (meter, said, version, rate) => {
    if (version < meter.version) return;
    const now = performance.now();
    const since = now - meter.newest.at;
    const first = meter.version < 0n;
    meter.version = version;
    meter.note.textContent = rate > 0n ? `growing by ${spell(rate)} a second` : "waiting for the next wager";
    if (said === meter.newest.value && !first) return;
    // Frames that follow each other run into each other; after a pause a wager is to be seen at once.
    const at = since < PAUSE_MS ? meter.newest.at : now - ROLL_MS;
    meter.earlier = { value: first ? said : shown(meter, now), at };
    meter.newest = { value: said, at: now };
    meter.output.value = spell(said);
    if (!drawing) paint(now);
};

/** Once a second: how much each meter grew, as a line over the last minute. */
setInterval(() => {
    for (const meter of meters.values()) {
        const grown = meter.sampled === null || meter.newest.value < meter.sampled ? 0 : Number(meter.newest.value - meter.sampled);
        meter.sampled = meter.newest.value;
        meter.grown = [...meter.grown, grown].slice(-60);
        const most = Math.max(...meter.grown, 1);
        const begin = 60 - meter.grown.length;
        const line = meter.grown.map((each, at) => `${begin + at} ${(19 - 17 * (each / most)).toFixed(2)}`).join(" L");
        meter.chart.children[0].setAttribute("d", `M${begin} 20 L${line} L59 20Z`);
        meter.chart.children[1].setAttribute("d", `M${line}`);
    }
    show();
}, 1000);

// ---- wins

const listed = (win) => {
    const row = make("li");
    row.append(make("strong", "", spell(win.amount)), make("span", "", win.group),
        make("span", "", win.game ?? ""), Object.assign(make("time", "", clock(win.at)), { dateTime: win.at }));
    row.win = win;
    return row;
};
const is = (one, other) => one.group === other.group && one.amount === other.amount && one.at === other.at;

/** Puts wins in order of time with those that are listed; the newest six stay. */
const list = (wins) => {
    const rows = [...$("wins").querySelectorAll("li:not(.none)")];
    rows.push(...wins.filter((win) => !rows.some((row) => is(row.win, win))).map(listed));
    rows.sort((a, b) => (a.win.at < b.win.at ? 1 : -1));
    if (rows.length > 0) $("wins").replaceChildren(...rows.slice(0, 6));
};

const won = (win) => {
    list([win]);
    $("said").textContent = `${win.group} was won: ${spell(win.amount)}${win.game ? ` in ${win.game}` : ""}`;
    const card = meters.get(win.group)?.card;
    if (!card) return;
    card.classList.remove("won");
    void card.offsetWidth; // so that the animation of a second win begins anew
    card.classList.add("won");
    clearTimeout(card.calm);
    card.calm = setTimeout(() => card.classList.remove("won"), 6000);
};

// ---- how it runs

const TITLES = { contributionTime: "Contributions, p95", winTime: "Wins, p95", connectionPool: "Connections free",
    errorRate: "Errors", migrationSuccess: "Migrations done" };
const VERDICTS = { pass: "on target", warn: "off target", fail: "at its alert" };
const measured = (value, unit) => value === null ? "none yet"
    : unit === "s" ? `${Number((value * 1000).toPrecision(3))} ms` : `${Number((value * 100).toPrecision(3))} %`;
const HEALTH = { // a title, and of each status a word and what it means
    database: { title: "Database", pass: ["up", "answers in time"], warn: ["up", "few connections free"],
        fail: ["down", "does not answer"] },
    jackpot: { title: "Jackpots", pass: ["sound", "every pool adds up"], warn: ["sound", "a target is missed"],
        fail: ["failing", "see api/health/jackpot"] },
};
const health = { database: "", jackpot: "" };

const tell = (key, title, value, status, verdict) => {
    const row = [...$("kpis").children].find((each) => each.key === key) ?? $("kpis").appendChild(
        Object.assign(make("div"), { key }));
    row.dataset.status = status;
    row.replaceChildren(make("dt", "", title), make("dd", "value", value), make("dd", "verdict", verdict));
};
const tellKpis = (kpis) => {
    for (const [key, { value, unit, status }] of Object.entries(kpis)) {
        tell(key, TITLES[key] ?? key, measured(value, unit), value === null ? "none" : status,
            value === null ? "nothing measured" : VERDICTS[status]);
    }
};
const ask = async (part) => {
    try {
        const answer = await fetch(`api/health/${part}`, { signal: AbortSignal.timeout(5000) });
        health[part] = (await answer.json()).status ?? "fail";
    } catch {
        health[part] = "";
    }
    const [word, meaning] = HEALTH[part][health[part]] ?? ["unknown", "the service does not answer"];
    tell(part, HEALTH[part].title, word, health[part] || "none", meaning);
    show();
};
let asksKpis = true; // frames tell them, too, but come only while something changes
const askKpis = async () => {
    try {
        const answer = asksKpis && await fetch("api/metrics/jackpot", { headers: { Accept: "application/json" } });
        asksKpis &&= answer.ok; // not where it takes a token
        if (asksKpis) tellKpis((await answer.json()).kpis);
    } catch { /* the state says that nobody answers */ }
};
const askAll = () => Promise.all([...Object.keys(HEALTH).map(ask), askKpis()]).then(() => setTimeout(askAll, 2000));

// ---- the stream

let lostAt = Date.now(), everLive = false, whole = true;

/** The state in words, which a colour only repeats; a change of it is said. */
const show = () => {
    const state = lostAt ? (everLive ? "lost" : "connecting") : health.database === "fail" ? "down" : "live";
    const words = { connecting: "connecting", live: "live", down: "database down",
        lost: `reconnecting since ${Math.max(1, Math.round((Date.now() - lostAt) / 1000))} s` }[state];
    if ($("state-words").textContent !== words) $("state-words").textContent = words;
    const before = document.body.dataset.state;
    document.body.dataset.state = state;
    if (before && before !== state && before !== "connecting") $("said").textContent = state === "lost" ? "the connection was lost" : words;
};

const frame = (said) => {
    lostAt = 0;
    everLive = true;
    const entries = Object.entries(said.meters);
    if (whole) { // after a new connection: whatever was shown, this is the state
        for (const [group, meter] of meters) {
            meter.version = meter.version < 0n ? -1n : 0n;
            if (!(group in said.meters)) { meter.card.remove(); meters.delete(group); }
        }
        entries.sort((a, b) => (BigInt(a[1].current) < BigInt(b[1].current) ? 1 : -1));
        whole = false;
    }
    for (const [group, { current, version, rate }] of entries) {
        hear(meters.get(group) ?? open(group), BigInt(current), BigInt(version), BigInt(rate ?? 0));
    }
    if (said.kpi) tellKpis(said.kpi);
    show();
};

/** The wins before this page was there: of each pool, the last one. */
const recall = async () => {
    try {
        const { pools } = await (await fetch("api/jackpot/pools")).json();
        list(Object.values(pools).filter((pool) => pool.lastWinDate).map((pool) => (
            { group: pool.group, amount: String(pool.lastWinAmount), at: pool.lastWinDate })));
    } catch { /* the stream goes on without them */ }
};

const listen = () => {
    const source = new EventSource("api/jackpot/events");
    const lose = () => { lostAt ||= Date.now(); show(); };
    const again = () => { source.close(); lose(); setTimeout(listen, 2000); };
    source.onopen = () => { whole = true; recall(); };
    // It tries again by itself, but not after an answer that is no stream.
    source.onerror = () => (source.readyState === EventSource.CLOSED ? again() : lose());
    source.addEventListener("meters", (event) => frame(JSON.parse(event.data)));
    source.addEventListener("win", (event) => won(JSON.parse(event.data)));
    source.addEventListener("bye", again);
};

$("say").addEventListener("click", () => {
    $("said").textContent = [...meters].map(([group, meter]) => `${group}: ${spell(meter.newest.value)}`).join("; ") || "no jackpots yet";
});
$("say").hidden = $("below").hidden = false;
show();
listen();
askAll();
