/**
 * The house's walls as a lint plugin: who may import whom, and that the world comes in as a parameter.
 * The rules and their reasons are in `.github/ARCHITECTURE.md`, "Direction of imports".
 *
 * @module
 */

import { basename, dirname, join, relative, resolve } from "node:path";
import { crossing, roomOf } from "./layers.ts";
import { isGlobal } from "./scope.ts";

/** Packages that stay behind one door, and the files that are it. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  "smol-toml": /^src\/config\/toml\.ts$/,
};

/** Node's modules that reach nothing outside the process; the rest belongs to src/system/. */
const NODE_MODULES = /^node:(buffer|crypto|path|util|zlib)$/;

/** Globals that reach outside the process, or go round this list. */
const GLOBALS = new Set(
  `Deno console fetch WebSocket EventSource Worker setTimeout setInterval setImmediate performance process navigator
   globalThis self window localStorage sessionStorage caches alert confirm prompt`.split(/\s+/),
);

/** Members of harmless globals that read the clock or the dice. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  AbortSignal: ["timeout"],
  Date: ["now"],
  Math: ["random"],
  Temporal: ["Now"],
  crypto: ["getRandomValues", "randomUUID"],
};

const VAGUE_NAMES = /(^|\/)(utils?|helpers?|common|misc|shared|core)(\/|\.ts$)/;
/** Of the program and its build, and of anything else. */
const [LINES, LINES_OF_TESTS] = [250, 400];

/** `import type { A }`, or `import { type A }`. */
function isOfTypes(kind: string, specifiers: readonly object[]): boolean {
  const each = (specifier: { importKind?: string; exportKind?: string }) =>
    (specifier.importKind ?? specifier.exportKind) === "type";
  return kind === "type" || specifiers.length > 0 && specifiers.every(each);
}

type Context = Deno.lint.RuleContext;
type Visitor = Deno.lint.LintVisitor;

/** The plugin for the project in `root`. `read` gives a file's text and throws when there is none. */
export function boundaries(root: string, read: (path: string) => string): Deno.lint.Plugin {
  /** Path in the project with forward slashes, e.g. `src/auth/mod.ts`. */
  const place = (path: string) => relative(root, resolve(root, path)).replaceAll("\\", "/");

  /** A verb is a file that the `mod.ts` of its noun imports. */
  const isVerb = (target: string) => {
    if (!/^src\/commands\/[^/]+\/(?!mod\.ts$)[^/]+\.ts$/.test(target)) return false;
    try {
      return read(join(root, dirname(target), "mod.ts")).includes(`"./${basename(target)}"`);
    } catch {
      return false;
    }
  };

  /** Why `from` may not import `specifier`, or undefined. */
  const fault = (from: string, specifier: string, typesOnly: boolean): string | undefined => {
    const door = PACKAGES[specifier.replace(/^npm:/, "").replace(/(?<=.)@[\d.]+$/, "")];
    if (door) return door.test(from) ? undefined : `"${specifier}" is not imported here`;
    if (specifier.startsWith("node:")) {
      if (from.startsWith("src/system/") || NODE_MODULES.test(specifier)) return undefined;
      return `"${specifier}" reaches outside the process: take a port of src/system/mod.ts`;
    }
    if (!specifier.startsWith(".")) return undefined;
    const target = place(join(dirname(from), specifier));
    if (target === "src/system/deno.ts") {
      return from === "main.ts" ? undefined : "only main.ts imports the real world: take a port of src/system/mod.ts";
    }
    if (!target.startsWith("src/")) return `"${target}" is not part of the program`;
    if (isVerb(target) && from !== `${dirname(target)}/mod.ts`) {
      return `a verb is imported by its noun's mod.ts alone: move what is wanted to a file of ${dirname(target)}/`;
    }
    const [room, other] = [roomOf(from), roomOf(target)];
    const crossed = room && other && crossing(room, other, typesOnly);
    if (crossed) return crossed;
    if (from === "main.ts" && target === "src/run.ts") return undefined;
    const way = relative(dirname(from), target).replaceAll("\\", "/").replace(/^(\.\.\/)+/, "").split("/");
    if (way.length === 1 || way.length === 2 && way[1] === "mod.ts") return undefined;
    return `a folder is entered through its mod.ts, one step at a time: not "${way.join("/")}"`;
  };

  /** A rule for the files of the program; `visit` gets the path in the project. */
  const rule = (visit: (context: Context, path: string) => Visitor): Deno.lint.Rule => ({
    create(context) {
      const path = place(context.filename);
      return path === "main.ts" || path.startsWith("src/") ? visit(context, path) : {};
    },
  });

  return {
    name: "boundaries",
    rules: {
      imports: rule((context, path) => {
        const textOf = (node: Deno.lint.Node) => context.sourceCode.getText(node);
        const check = (node: Deno.lint.Node, source: Deno.lint.Node | null, typesOnly = false) => {
          if (source?.type !== "Literal" || typeof source.value !== "string") return;
          const message = fault(path, source.value, typesOnly);
          if (message) context.report({ node, message });
        };
        return {
          ImportDeclaration(node) {
            check(node, node.source, isOfTypes(node.importKind, node.specifiers));
            if (node.source.value !== "node:crypto" || path.startsWith("src/system/")) return;
            const random = node.specifiers.some((specifier) =>
              specifier.type !== "ImportSpecifier" || /^\W?(random|webcrypto|generate)/.test(textOf(specifier.imported))
            );
            if (random) context.report({ node, message: "randomness is a port of src/system/mod.ts" });
          },
          ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === "type"),
          ExportNamedDeclaration: (node) => check(node, node.source, isOfTypes(node.exportKind, node.specifiers)),
          ImportExpression: (node) => check(node, node.source),
          TSImportType: (node) => {
            if (node.argument.type === "TSLiteralType") check(node, node.argument.literal, true);
          },
        };
      }),
      globals: rule((context, path) => {
        if (path === "main.ts" || path.startsWith("src/system/")) return {};
        const report = (node: Deno.lint.Node, name: string) =>
          context.report({ node, message: `"${name}" is the outside world: take a port of src/system/mod.ts` });
        const isDate = (node: Deno.lint.Node) => node.type === "Identifier" && node.name === "Date" && isGlobal(node);
        return {
          Identifier(node) {
            if (GLOBALS.has(node.name) && isGlobal(node)) report(node, node.name);
          },
          MemberExpression(node) {
            const { object, property } = node;
            if (object.type !== "Identifier" || property.type !== "Identifier" || node.computed) return;
            if (MEMBERS[object.name]?.includes(property.name) && isGlobal(object)) {
              report(node, `${object.name}.${property.name}`);
            }
          },
          NewExpression(node) {
            if (node.arguments.length === 0 && isDate(node.callee)) report(node, "new Date()");
          },
          CallExpression(node) {
            if (isDate(node.callee)) report(node, "Date()");
          },
        };
      }),
      "import-is-free": rule((context, path) => {
        if (path === "main.ts") return {};
        return {
          AwaitExpression(node) {
            if (context.sourceCode.getAncestors(node).some(({ type }) => type.includes("Function"))) return;
            context.report({ node, message: "no await at the top level: an import costs nothing" });
          },
          ExportNamedDeclaration({ declaration }) {
            if (declaration?.type !== "VariableDeclaration" || declaration.kind === "const") return;
            context.report({ node: declaration, message: "a module exports no variable" });
          },
        };
      }),
      files: {
        create(context) {
          const path = place(context.filename);
          return {
            Program(node) {
              const vague = VAGUE_NAMES.exec(path)?.[2];
              if (vague) context.report({ node, message: `the name "${vague}" excludes nothing: name what is in it` });
              const lines = context.sourceCode.text.trimEnd().split("\n").length;
              const most = /^(src|build)\//.test(path) ? LINES : LINES_OF_TESTS;
              if (lines > most) context.report({ node, message: `${lines} lines, more than ${most}: two files` });
            },
          };
        },
      },
    },
  };
}

export default boundaries(resolve(import.meta.dirname!, "../.."), (path) => Deno.readTextFileSync(path));
