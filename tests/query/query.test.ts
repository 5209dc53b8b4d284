/** What an expression gives, what it may take, and what is said of one that is wrong. */
import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { query, type Shape } from "../../src/query/mod.ts";
import { parse } from "../../src/query/parser.ts";

const ask = (expression: string, value: unknown) => JSON.stringify(query(expression, undefined).of(value).result);

function refusal(expression: string, value: unknown = [], shape?: Shape): AppError {
  try {
    query(expression, shape).of(value);
  } catch (error) {
    assert.ok(error instanceof AppError, `${expression.slice(0, 80)}: ${error}`);
    assert.equal(error.kind, "usage");
    assert.ok(error.hint);
    return error;
  }
  assert.fail(`${expression.slice(0, 80)} was not refused`);
}

const ROWS: unknown[] = [{ id: 1, toString: "own" }, { id: 2 }];

for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "rawJSON"]) {
  Deno.test(`WP-35: ${name} is a name like any other, and nothing of a prototype's`, () => {
    for (const expression of [name, `@.${name}`, `"${name}"`, `[].${name}.name`, `{a: @}.${name}`, `[0].id.${name}`]) {
      assert.equal(ask(expression, []), expression.startsWith("[]") ? "[]" : "null", expression);
    }
    assert.equal(ask(`to_number('2999.00').${name}`, {}), "null");
    const own = JSON.parse(`{"${name}": "own"}`);
    assert.equal(ask(name, own), '"own"');
    assert.equal(ask(`{"${name}": ${name}}`, own), `{"${name}":"own"}`);
    assert.equal(ask(`merge(@, {b: 'x'})`, own), `{"${name}":"own","b":"x"}`);
    assert.match(refusal(`${name}(@)`).message, /there is no function/);
  });
}

const BAD: [what: string, expression: string][] = [
  ["nothing", ""],
  ["spaces", "  \t \n"],
  ["10,000 parentheses", "(".repeat(10_000)],
  ["10,000 closed parentheses", "(".repeat(8_000) + "@" + ")".repeat(8_000)],
  ["10,000 brackets", "[".repeat(10_000)],
  ["10,000 braces", "{a:".repeat(5_000)],
  ["10,000 negations", "!".repeat(10_000) + "@"],
  ["10,000 flattenings", "[]".repeat(5_000)],
  ["10,000 comparisons", "a==".repeat(4_000) + "a"],
  ["functions in functions", "abs(".repeat(4_000)],
  ["a quote without an end", `"${"a".repeat(10_000)}`],
  ["escapes without an end", `'${"\\'".repeat(8_000)}`],
  ["a text of 16,385 characters", "a".repeat(16_385)],
  ["NUL", "\0"],
  ["NUL in the middle", "a\0b"],
  ["half a surrogate pair", "\ud800"],
  ["an emoji", "😀"],
  ["a no-break space", "\u00a0@"],
  ["a bad escape in a name", '"\\q"'],
  ["a number without end", "`1e999`"],
  ["a literal that is no JSON", "`{`"],
  ["an expression alone", "&a"],
  ["arguments without a comma", "contains(a b)"],
  ["members without a comma", "{a: b c: d}"],
  ["a comma at the end", "[a,]"],
  ["a step of 0", "[::0]"],
  ["a call of what is no name", "@(a)"],
];
for (const [what, expression] of BAD) {
  Deno.test(`WP-35: ${what} is refused in one line, with a hint`, () => {
    const { message } = refusal(expression, ROWS);
    assert.match(message, /^(cannot use --query: |--query must not be empty$)/);
    assert.ok(message.length < 200 && !message.includes("\n"), message);
  });
}

const GOOD: [what: string, expression: string, result: string][] = [
  ["2 KiB of names", Array(400).fill("a.bcd").join("."), "null"],
  ["4,000 pipes", "@|".repeat(4_000) + "id", "7"],
  ["4,000 alternatives", "a||".repeat(4_000) + "id", "7"],
  ["16,384 spaces", "id" + " ".repeat(16_382), "7"],
  ["a lone surrogate in text", "'\ud800'", '"\\ud800"'],
  ["an index beyond all numbers", "[99999999999999999999999]", "null"],
];
for (const [what, expression, result] of GOOD) {
  Deno.test(`WP-35: ${what} can be asked`, () => assert.equal(ask(expression, { id: 7 }), result));
}

const GREEDY: [what: string, expression: string][] = [
  ["a list that doubles", `@${"|[*].[@,@][]".repeat(100)}`],
  ["a list that doubles, not flattened", `@${"|[@,@]".repeat(60)}`],
  ["a comparison of lists that double", `[@${"|[@,@]".repeat(60)}, @${"|[@,@]".repeat(60)}] | [0] == [1]`],
  ["a text that doubles", `'abc'${"|join('', [@,@])".repeat(200)}`],
  ["a text of all that doubles", `@${"|to_string([@,@])".repeat(100)}`],
  ["a star in a star", `@${"|[@,@,@]".repeat(16)} | ${"[*]".repeat(16)}`],
  ["a sort of what doubles", `@${"|[@,@]|[]".repeat(17)} | sort(@)`],
  ["a result that nests", `@${"|[@]".repeat(1_000)}`],
];
for (const [what, expression] of GREEDY) {
  Deno.test(`WP-35: ${what} ends before it takes the machine with it`, () => {
    assert.match(refusal(expression, ["a", "b", "c"]).message, /more than (5 million values|32 MiB of text|100 deep)/);
  });
}

Deno.test("WP-35: a large value that is looked at again and again is counted each time", () => {
  const names = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`n${at}`, 1]));
  const text = "x".repeat(4_000_000);
  assert.match(refusal(`${"@.a && ".repeat(1_000)}a`, { a: names }).message, /5 million values/);
  assert.match(refusal(`@${"|merge(@, @)".repeat(1_000)}|length(@)`, names).message, /5 million values/);
  for (const looked of ["contains(@, 'z')", "to_number(@)", "starts_with(@, 'z')", "length(@)"]) {
    assert.match(refusal(`@${"|[@,@]|[]".repeat(8)}|[*].${looked}`, [text]).message, /5 million values/, looked);
  }
});

Deno.test("WP-35: a list of lists that would be millions is refused before there is room for them", () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => at);
  const expression = `[${"@,".repeat(59)}@][] | [${"@,".repeat(6_999)}@][] | length(@)`;
  assert.match(refusal(expression, rows).message, /5 million values/);
});

Deno.test("WP-35: a number is as long as one can be written, and all of its digits are counted", () => {
  const digits = `0.${"1".repeat(998)}`;
  assert.equal(ask("to_number(@)", digits), digits);
  assert.equal(ask("to_number(@)", `${digits}1`), "null");
  const many = `@${"|[@,@]|[]".repeat(16)}`;
  for (const how of ["@", "to_string(@)", "length(to_string(@))"]) {
    assert.match(refusal(`${many}|${how}`, [JSON.rawJSON(digits)]).message, /32 MiB of text|5 million/, how);
    assert.match(refusal(`${many}|[*].to_number(@)|${how}`, [digits]).message, /32 MiB of text|5 million/, how);
  }
});

Deno.test("WP-35: texts that are long and nearly the same are counted each time they are compared", () => {
  const text = "x".repeat(4_000_000);
  const many = `@${"|[@,@]|[]".repeat(11)}`;
  for (const how of ["sort(@)", "max(@)", "min_by(@, &@)", "contains(@, 'z')", "[?@ == 'z']"]) {
    ask(`${many}|${how}`, ["a", "b"]);
  }
  for (const how of ["sort(@)", "max(@)", "sort_by(@, &@)", "[?@ < $]", "[?@ == $]"]) {
    const other = how.replace("$", "not_null(@, '')");
    assert.match(refusal(`${many}|${other}`, [`${text}a`, `${text}b`]).message, /5 million values/, how);
  }
});

Deno.test("WP-35: what is wrong is named with its place, and what would work", () => {
  const cases: [expression: string, message: RegExp, hint: RegExp][] = [
    ["[?a = 'b']", /"=" means nothing there, at character 5, "= 'b'\]"$/, /write: ==$/],
    ["[?a == 'b'", /\] is missing, at its end$/, /^close what was opened with \[/],
    ["[].{a, b}", /: is missing, at character 6, ", b}"$/, /\{number: order_number/],
    ["a b", /something else must stand there, at character 3, "b"$/, /^write, for example: /],
    ["lenght(@)", /there is no function lenght\(\), at character 1/, /^did you mean: length\(/],
    ["toNumber(a)", /there is no function toNumber/, /^did you mean: to_number\(/],
    ["[0].frobnicate(@)", /no function frobnicate\(\), at character 5/, /^the functions are abs, .*values$/],
    ["sort_by(@)", /sort_by\(\) takes 2 arguments, not 1/, /^write: sort_by\(list, &name\)$/],
    ["sort_by(@, total)", /takes an expression, .* at character 12, "total\)"$/, /^write: &total$/],
    ["length(&a)", /takes no expression/, /^write: length\(/],
    ["[?a == `b`]", /must be JSON, at character 8/, /^text stands in single quotes: 'b'$/],
    ["foo[a]", /at character 5, "a\]"$/, /./],
  ];
  for (const [expression, message, hint] of cases) {
    const error = refusal(expression);
    assert.match(error.message, message);
    assert.match(error.hint!, hint);
  }
});

const WRITTEN = "WP-35: an expression that a hint writes out can be typed: a shell takes it as one word, and it is one";
Deno.test({ name: WRITTEN, ignore: Deno.build.os === "windows" }, async () => {
  const wrong = ["", "a b", "[0", "length(@", "[].{a: b", "[].{a, b}", "a[b]", "&a", "@(a)", "[0:1:0]", '"a'];
  const hints = wrong.map((expression) => refusal(expression).hint!);
  const typed = hints.flatMap((hint) => hint.match(/--query ("[^"]*"|'[^']*')/g) ?? []);
  assert.ok(typed.length > 8, hints.join("\n"));
  for (const words of typed) {
    const run = new Deno.Command("sh", { args: ["-c", `printf '%s\\n' ${words}`] });
    const [option, expression, end] = new TextDecoder().decode((await run.output()).stdout).split("\n");
    assert.deepEqual([option, end], ["--query", ""], words);
    parse(expression!);
  }
  const bare = hints.filter((hint) => /for example: (?!--query)|: [[{.(]/.test(hint));
  assert.deepEqual(bare, []);
});

Deno.test("a function that is given what it does not take says what it was", () => {
  const value = { a: "x", n: null, l: [1, "x"], t: ["b", null], rows: [{ k: "x" }, { k: 1 }], gaps: [{ k: null }] };
  const cases: [expression: string, message: RegExp][] = [
    ["abs(a)", /abs\(\) takes a number, not text/],
    ["length(n)", /length\(\) takes text or a list or an object, not null/],
    ["sum(l)", /sum\(\) takes a list of numbers, not a list with text/],
    ["join(', ', t)", /join\(\) takes a list of texts, not a list with null/],
    ["sum(`[null]`)", /not a list with null/],
    ["max(l)", /max\(\) takes a list of numbers or a list of texts, not a list with a number and text/],
    ["sort_by(rows, &k)", /sort_by\(\) orders by numbers or by text, not by text and a number/],
    ["max_by(gaps, &k)", /max_by\(\) orders by numbers or by text, not by null/],
  ];
  for (const [expression, message] of cases) assert.match(refusal(expression, value).message, message);
});

Deno.test("WP-38: an amount keeps its digits, as text and as a number", () => {
  assert.equal(ask("total", { total: "2999.00" }), '"2999.00"');
  assert.equal(ask("to_number(total)", { total: "2999.00" }), "2999.00");
  assert.equal(ask("[to_number('1234567890123456.78'), to_number('-0.10')]", {}), "[1234567890123456.78,-0.10]");
  assert.equal(ask("to_string({a: to_number('1.50')})", {}), '"{\\"a\\":1.50}"');
  for (const none of ["", " ", "1,000.00", "0x10", "1e999", "Infinity", "NaN", "١", "--1", "2999.00 "]) {
    assert.equal(ask("to_number(@)", none), "null", JSON.stringify(none));
  }
});

Deno.test("amounts are added to the last digit", () => {
  assert.equal(ask("sum(map(&to_number(@), @))", ["0.1", "0.2"]), "0.3");
  assert.equal(ask("sum(map(&to_number(@), @))", ["99999999999999999.01", "0.02", "-1"]), "99999999999999998.03");
  assert.equal(ask("sum(map(&to_number(@), @))", ["-0.50", "0.25"]), "-0.25");
  assert.equal(ask("sum(@)", [1e300, 1]), JSON.stringify(1e300));
  assert.equal(ask("[sum(`[]`), avg(`[]`), avg(`[1, 2]`)]", []), "[0,null,1.5]");
});

Deno.test("numbers that came as they are written compare by what they are", () => {
  const value = { a: JSON.rawJSON("10.00"), b: JSON.rawJSON("9.50"), id: JSON.rawJSON("9007199254740993") };
  assert.equal(
    ask("[a > b, a == `10`, type(a), max([a, b]), id, sum([a, b])]", value),
    '[true,true,"number",10.00,9007199254740993,19.50]',
  );
});

Deno.test("text is ordered as text, and never against a number", () => {
  assert.equal(ask("[?@ > '2026-05-02']", ["2026-05-01", "2026-05-03"]), '["2026-05-03"]');
  assert.equal(ask("['10' > `9`, `9` < '10', '9' == `9`]", {}), "[null,null,false]");
});

const MONEY: Shape = {
  list: { of: { id: "plain", total: "money", tags: { list: "plain" }, items: { list: { of: { price: "money" } } } } },
};
const AS_TEXT: [expression: string, better: string][] = [
  ["sort_by(@, &total)", "sort_by(@, &to_number(total))"],
  ["max_by([?id != 'x'], &total).id", "max_by([?id != 'x'], &to_number(total)).id"],
  ["min([].total)", "min(map(&to_number(@), [].total))"],
  ["sort([].items[].price)", "sort(map(&to_number(@), [].items[].price))"],
  ["[?total > `100`].id", "[?to_number(total) > `100`].id"],
  ["[?total == `100`]", "[?to_number(total) == `100`]"],
  ["[?total <= '100' && id == 'x']", "[?to_number(total) <= to_number('100') && id == 'x']"],
  ["[].{n: id, t: total} | sort_by(@, &t) | [0]", "[].{n: id, t: total} | sort_by(@, &to_number(t)) | [0]"],
  ["[].[id, total] | sort_by(@, &[1])", "[].[id, total] | sort_by(@, &to_number([1]))"],
  ["map(&sort_by(items, &price), @)", "map(&sort_by(items, &to_number(price)), @)"],
  ["[?max_by(items, &price).price > total]", "[?to_number(max_by(items, &to_number(price)).price) > to_number(total)]"],
  ["[?(items[0].price) > (total)]", "[?to_number((items[0].price)) > to_number((total))]"],
  ["contains([].total, `9`)", "contains(map(&to_number(@), [].total), `9`)"],
  ["[?contains(items[].price, to_number('9'))]", "[?contains(map(&to_number(@), items[].price), to_number('9'))]"],
  ["[?total == `12345678901234567890.10`]", "[?to_number(total) == `12345678901234567890.10`]"],
  ["sort_by(reverse(@)[:2], &not_null(total, '0'))", "sort_by(reverse(@)[:2], &to_number(not_null(total, '0')))"],
];
for (const [expression, better] of AS_TEXT) {
  Deno.test(`WP-36: ${expression} is warned of: money is text`, () => {
    const { warnings } = query(expression, MONEY);
    assert.equal(warnings.length, 1);
    const written = /write: --query '(.*)'$/.exec(warnings[0]!)![1]!.replaceAll(`'\\''`, "'");
    assert.equal(written, better);
    assert.deepEqual(query(written, MONEY).warnings, [], "what is to be written is not warned of");
  });
}

for (const expression of ["sum([].total)", "avg(@[].total)", "[].abs(total)", "[].{r: floor(total)}"]) {
  Deno.test(`WP-36: ${expression} is refused before anything is sent: it would fail`, () => {
    const { hint } = refusal(expression, [], MONEY);
    const written = /^write: --query '(.*)'$/.exec(hint!)![1]!;
    assert.doesNotThrow(() => query(written, MONEY).of([{ id: "1", total: "5.50" }]));
  });
}

Deno.test("WP-36: where what is to be written is too long for a message, it says how", () => {
  const long = `[?total > \`1\` && id != '${"x".repeat(1_000)}']`;
  assert.match(query(long, MONEY).warnings[0]!, /; write to_number\(…\) around each amount$/);
});

Deno.test("WP-36: what does not order money is not warned of", () => {
  for (
    const expression of [
      "[?total == '2999.00']",
      "sort_by(@, &id)",
      "sort_by(@, &to_number(total))",
      "[?to_number(total) > `1`]",
      "sort([].id)",
      "[].tags[] | sort(@)",
      "length(@)",
      "[].[id, total] | sort_by(@, &[0])",
    ]
  ) assert.deepEqual(query(expression, MONEY).warnings, [], expression);
});

Deno.test("WP-36: where no schema says what is money, amounts are known by their looks", () => {
  const said = (expression: string, value: unknown) => query(expression, undefined).of(value).warnings;
  const rows = [{ t: "100.00", n: "10" }, { t: "9.00", n: "9" }];
  assert.match(said("sort_by(@, &t)", rows)[0]!, /write: --query 'sort_by\(@, &to_number\(t\)\)'$/);
  assert.match(said("[?t > `50`]", rows)[0]!, /write: --query '\[\?to_number\(t\) > `50`\]'$/);
  assert.deepEqual(said("sort_by(@, &n)", rows), []);
  assert.deepEqual(said("[?t == '9.00']", rows), []);
});

Deno.test("a name that is not there is said, with the one that was meant", () => {
  const said = (expression: string) => query(expression, MONEY).warnings;
  assert.deepEqual(said("[].totl"), ["--query names totl, which is not there: did you mean total"]);
  assert.deepEqual(said("total"), ["--query names total, and a list has no names: write [].total"]);
  assert.match(said('[?id == "x"]')[0]!, /^--query names "x", which is not there; text stands in single quotes: 'x'$/);
  assert.match(said("[].items[].zzz")[0]!, /: there are price$/);
  for (const expression of ["[].id", "[0].items[0].price", "[].{a: id}[].a", "keys([0])", "[].tags[].anything"]) {
    assert.deepEqual(said(expression), [], expression);
  }
});
