/**
 * Which identifiers of a syntax tree mean a global: the lint API has no scopes of its own.
 *
 * @module
 */

type Node = Deno.lint.Node;
type Identifier = Deno.lint.Identifier;
type Pattern = Node | Deno.lint.TSParameterProperty;

/** True when the identifier is used as a value or a type (not as a key, a label, …) and nothing around declares it. */
export function isGlobal(identifier: Identifier): boolean {
  if (isMerelyAName(identifier)) return false;
  for (let scope: Node | undefined = identifier.parent; scope; scope = parentOf(scope)) {
    if (declares(scope, identifier.name)) return false;
  }
  return true;
}

/** A key, a member's name, the far side of an import or an export: names that refer to nothing in this file. */
function isMerelyAName(node: Identifier): boolean {
  const parent = node.parent as Node & { computed?: boolean };
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.key === node && !parent.computed;
    case "TSQualifiedName":
      return parent.right === node;
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "TSEnumMember":
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
      return true;
    default:
      return false;
  }
}

function parentOf(node: Node): Node | undefined {
  return "parent" in node ? node.parent as Node | undefined : undefined;
}

function declares(scope: Node, name: string): boolean {
  if ("params" in scope && Array.isArray(scope.params) && scope.params.some((param) => binds(param, name))) return true;
  switch (scope.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
      return scope.body.some((statement) => binds(statement, name));
    case "FunctionExpression":
    case "ClassExpression":
      return binds(scope.id, name);
    case "ForStatement":
      return binds(scope.init, name);
    case "ForOfStatement":
    case "ForInStatement":
      return scope.left.type === "VariableDeclaration" && binds(scope.left, name);
    case "CatchClause":
      return binds(scope.param, name);
    default:
      return false;
  }
}

/** True when the pattern or the statement introduces that name. */
function binds(node: Pattern | null | undefined, name: string): boolean {
  if (!node) return false;
  switch (node.type) {
    case "Identifier":
      return node.name === name;
    case "AssignmentPattern":
      return binds(node.left, name);
    case "RestElement":
      return binds(node.argument, name);
    case "ArrayPattern":
      return node.elements.some((element) => binds(element, name));
    case "ObjectPattern":
      return node.properties.some((property) =>
        binds(property.type === "Property" ? property.value as Node : property, name)
      );
    case "TSParameterProperty":
      return binds(node.parameter as Node, name);
    case "VariableDeclaration":
      return node.declarations.some((declaration) => binds(declaration.id, name));
    case "ImportDeclaration":
      return node.specifiers.some((specifier) => binds(specifier.local, name));
    case "ExportNamedDeclaration":
      return binds(node.declaration, name);
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSInterfaceDeclaration":
    case "TSEnumDeclaration":
      return binds(node.id as Node | null, name);
    default:
      return false;
  }
}
