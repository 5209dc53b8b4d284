import assert from "node:assert/strict";
import type { AppError } from "../../src/errors.ts";
import { beginning, end, type Here, period } from "../../src/period/mod.ts";

const NOW = Date.parse("2026-05-03T12:00:00.789Z");
const here = (zone = "UTC"): Here => ({ zone, now: NOW });

const READ: [text: string, from: string, to: string][] = [
  ["2026-05-01", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"],
  ["2026-5-1", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"],
  [" 2028-02-28 ", "2028-02-28T00:00:00Z", "2028-02-29T00:00:00Z"],
  ["today", "2026-05-03T00:00:00Z", "2026-05-04T00:00:00Z"],
  ["Yesterday", "2026-05-02T00:00:00Z", "2026-05-03T00:00:00Z"],
  ["24h", "2026-05-02T12:00:00Z", "2026-05-02T12:00:00Z"],
  ["7D", "2026-04-26T12:00:00Z", "2026-04-26T12:00:00Z"],
  ["30m", "2026-05-03T11:30:00Z", "2026-05-03T11:30:00Z"],
  ["2w", "2026-04-19T12:00:00Z", "2026-04-19T12:00:00Z"],
  ["2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"],
  ["2026-05-01t10:00:00.5+05:30", "2026-05-01t10:00:00.5+05:30", "2026-05-01t10:00:00.5+05:30"],
  ["9999-12-31", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"],
  ["0050-01-01", "0050-01-01T00:00:00Z", "0050-01-02T00:00:00Z"],
];
for (const [text, from, to] of READ) {
  Deno.test(`FT-46: ${JSON.stringify(text)} begins at ${from} and ends before ${to}, wherever it is given`, () => {
    for (const flag of ["--from", "--since"]) assert.equal(beginning(text, flag, here()), from);
    assert.equal(end(text, "--to", here()), to);
  });
}

const REFUSED = [
  ["", /must be a day, a time ago or an instant/],
  ["tomorrow", /must be a day, a time ago or an instant/],
  ["2026-02-30", /no such day/],
  ["2026-13-01", /no such day/],
  ["0000-00-00", /no such day/],
  ["2026-05-01T10:00:00", /must be a day, a time ago or an instant/],
  ["2026-05-01T25:00:00Z", /no such time/],
  ["2026-05-01t24:00:00z", /no such time/],
  ["2026-02-30T10:00:00Z", /no such time/],
  ["٢٠٢٦-٠٥-٠١", /must be a day, a time ago or an instant/],
  ["-7d", /must be a day, a time ago or an instant/],
  ["7 d", /must be a day, a time ago or an instant/],
  ["1e3d", /must be a day, a time ago or an instant/],
  ["999999w", /before the calendar begins/],
  ["2026-05-01T10:00:00." + "1".repeat(200_000) + "Z", /must be a day, a time ago or an instant/],
] as const;
for (const [text, said] of REFUSED) {
  Deno.test(`FT-46: ${JSON.stringify(text.slice(0, 40))} is refused, with what can be written`, () => {
    assert.throws(
      () => beginning(text, "--since", here()),
      (error: { kind: string; message: string; hint: string }) => {
        assert.equal(error.kind, "usage");
        assert.match(error.message, said);
        assert.match(error.hint, /^write, for example: --since 2026-05-31, or today, yesterday, 24h, 7d, /);
        return true;
      },
    );
  });
}

for (const [text, days] of [["1M", "30d"], ["12M", "360d"], [" 3M", "90d"]] as const) {
  Deno.test(`${JSON.stringify(text)} is no time ago: who means months is not shown a few minutes`, () => {
    for (const [flag, ask] of [["--from", beginning], ["--to", end], ["--since", beginning]] as const) {
      assert.throws(() => ask(text, flag, here()), (error: AppError) => {
        assert.equal(error.kind, "usage");
        assert.equal(error.message, `cannot use ${flag} "${text.trim()}": M could be months or minutes`);
        const [, ...written] = /^write: (.*) for months, or (.*) for minutes$/.exec(error.hint!)!;
        assert.deepEqual(written, [`${flag} ${days}`, `${flag} ${text.trim().toLowerCase()}`]);
        for (const one of written) assert.doesNotThrow(() => ask(one.split(" ")[1]!, flag, here()));
        return true;
      });
    }
  });
}

/** The beginnings of a day, and of the one after it, by the tables of the IANA (https://www.iana.org/time-zones). */
const DAYS: [why: string, zone: string, day: string, from: string, to: string][] = [
  ["half an hour off", "Asia/Kolkata", "2026-05-01", "2026-04-30T18:30:00Z", "2026-05-01T18:30:00Z"],
  ["a day of 23 hours", "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
  ["a day of 25 hours", "Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
  ["midnight is skipped", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"],
  ["midnight turns back", "America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"],
  ["midnight comes twice", "America/Havana", "2019-11-03", "2019-11-03T04:00:00Z", "2019-11-04T05:00:00Z"],
  ["midnight comes twice", "America/St_Johns", "2006-10-29", "2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"],
  ["the whole day is skipped", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"],
  ["the day after it", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"],
  ["first of all", "Pacific/Kiritimati", "2026-05-01", "2026-04-30T10:00:00Z", "2026-05-01T10:00:00Z"],
  ["the last day", "America/Los_Angeles", "9999-12-31", "9999-12-31T08:00:00Z", "9999-12-31T23:59:59Z"],
  ["the first day", "Asia/Kolkata", "0000-01-01", "0000-01-01T00:00:00Z", "0000-01-01T18:06:32Z"],
];
for (const [why, zone, day, from, to] of DAYS) {
  Deno.test(`FT-46: ${day} in ${zone} (${why}) is from ${from} to ${to}`, () => {
    assert.deepEqual([beginning(day, "--from", here(zone)), end(day, "--to", here(zone))], [from, to]);
  });
}

Deno.test("FT-46: today is the day there, not in Greenwich", () => {
  const late = { now: Date.parse("2026-05-03T23:30:00Z") };
  assert.equal(beginning("today", "--from", { ...late, zone: "Europe/Paris" }), "2026-05-03T22:00:00Z");
  assert.equal(beginning("today", "--from", { ...late, zone: "America/New_York" }), "2026-05-03T04:00:00Z");
});

Deno.test("FT-46: days follow each other without a gap and without an overlap, for years of odd zones", () => {
  for (const zone of ["America/St_Johns", "Pacific/Apia", "Africa/Cairo"]) {
    let last = "";
    for (let at = Date.UTC(2006, 0, 1); at < Date.UTC(2012, 0, 10); at += 86_400_000 * 3) {
      const day = (plus: number) => new Date(at + plus * 86_400_000).toISOString().slice(0, 10);
      for (const plus of [0, 1, 2]) {
        const from = beginning(day(plus), "--from", here(zone));
        if (last) assert.equal(from, last, `${zone} ${day(plus)}`);
        last = end(day(plus), "--to", here(zone));
        assert.ok(Date.parse(last) >= Date.parse(from), `${zone} ${day(plus)}`);
      }
    }
  }
});

Deno.test("FT-6: a period that ends before it begins is refused, a single day is none such", () => {
  assert.deepEqual(period({ from: "2026-05-01", to: "2026-05-01" }, here()), {
    from: "2026-05-01T00:00:00Z",
    to: "2026-05-02T00:00:00Z",
  });
  assert.deepEqual(period({}, here()), { from: undefined, to: undefined });
  const BAD = [["2026-05-02", "2026-05-01"], ["today", "7d"], ["2026-05-01T10:00:00+02:00", "2026-05-01T08:00:00Z"]];
  for (const [from, to] of BAD) {
    assert.throws(() => period({ from, to }, here()), { message: `--from "${from}" is not before --to "${to}"` });
  }
});

Deno.test("where nothing lies between both ends, the hint does not say to swap them", () => {
  const hint = (from: string, to: string, zone = "UTC"): string | undefined => {
    try {
      period({ from, to }, here(zone));
      return undefined;
    } catch (error) {
      return (error as AppError).hint;
    }
  };
  assert.equal(hint("2026-05-02", "2026-05-01T00:00:00Z"), "swap them; a day of --to is included");
  const nothing = "nothing lies between them: give a later --to";
  assert.equal(hint("2026-05-01T00:00:00Z", "2026-05-01T02:00:00+02:00"), nothing);
  assert.equal(hint("2011-12-30", "2011-12-30", "Pacific/Apia"), nothing);
});

Deno.test("ends that are less than a millisecond apart are told apart, in whatever zone they are written", () => {
  const at = (digits: string, zone = "Z") =>
    `${zone === "Z" ? "2026-05-01T00" : "2026-05-01T02"}:00:00${digits}${zone}`;
  const apart = [["", ".000000001"], [".0005", ".0006"], [".999999998", ".999999999"], [".1", ".10000001"]] as const;
  for (const [from, to] of apart) {
    for (const zone of ["Z", "+02:00"]) {
      const both = { from: at(from), to: at(to, zone) };
      assert.deepEqual(period(both, here()), both);
      assert.throws(() => period({ from: at(to), to: at(from, zone) }, here()), { hint: /^swap them/ });
    }
  }
  assert.throws(() => period({ from: at(".5"), to: at(".500") }, here()), { hint: /^nothing lies between/ });
});
