/**
 * What a document of mutations is, for people and for who reads its answer. Loaded when there is one.
 *
 * @module
 */

import { type Definition, type Operation, type Parsed, shallow } from "./document.ts";

/** What its result holds, in order (GraphQL, 6.3.2). */
export function fieldsOf({ definitions }: Parsed, variables: Readonly<Record<string, unknown>>): readonly string[] {
  const [{ selectionSet, variableDefinitions = [] }] = definitions;
  const values = given(variableDefinitions, variables);
  return shallow(() => [...new Set(fieldsIn(selectionSet.selections, definitions, values))]);
}

type Selections = Operation["selectionSet"]["selections"];

/** `values`: of the variables. */
function fieldsIn(
  selections: Selections,
  all: readonly Definition[],
  values: ReadonlyMap<string, unknown>,
  seen = new Set<string>(),
): string[] {
  return selections.flatMap((one) => {
    const isOut = one.directives?.some(({ name, arguments: [wanted] = [] }) => {
      if (name.value !== "skip" && name.value !== "include") return false;
      const value = wanted?.value.kind === "Variable"
        ? values.get(wanted.value.name.value)
        : wanted?.value.kind === "BooleanValue" && wanted.value.value;
      return value === (name.value === "skip");
    });
    if (isOut) return [];
    if (one.kind === "Field") return [(one.alias ?? one.name).value];
    if (one.kind === "InlineFragment") return fieldsIn(one.selectionSet.selections, all, values, seen);
    const name = one.name.value;
    if (seen.has(name)) return [];
    seen.add(name);
    const fragment = all.find((part) => part.kind === "FragmentDefinition" && part.name.value === name);
    return fragment?.kind === "FragmentDefinition" ? fieldsIn(fragment.selectionSet.selections, all, values, seen) : [];
  });
}

/** The variables that are sent, and else those that the document sets. */
function given(
  declared: NonNullable<Operation["variableDefinitions"]>,
  sent: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, unknown> {
  return new Map(declared.map(({ variable: { name: { value: name } }, defaultValue }) => {
    return [name, Object.hasOwn(sent, name) ? sent[name] : defaultValue?.kind === "BooleanValue" && defaultValue.value];
  }));
}

/**
 * A document that was parsed on one line. A comment ends with its line, so it is left out: else what is shown is another
 * document. Texts stay as they are.
 */
export function oneLine(document: string): string {
  return document.replaceAll(
    /("""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\])*")|(?:[\s\ufeff]|#[^\n\r]*)+/g,
    (_, text?: string) => text ?? " ",
  ).trim();
}
