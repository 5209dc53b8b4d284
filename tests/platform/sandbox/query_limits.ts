/**
 * webonyx's limits on a document: depth, complexity, and no introspection.
 *
 * @module
 */

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from "graphql";
import type { Input } from "./incoming.ts";

type Fragments = (name: string) => SelectionSetNode | undefined;

/** Counts the levels above the leaves, the first as 0. */
export const depthRule = (max: number): ValidationRule => (context) => ({
  OperationDefinition: {
    leave(operation: OperationDefinitionNode) {
      const depth = deepest(operation.selectionSet, 0, (name) => context.getFragment(name)?.selectionSet, max, []);
      if (max && depth > max) {
        context.reportError(new GraphQLError(`Max query depth should be ${max} but got ${depth}.`));
      }
    },
  },
});

/** A fragment that spreads itself is as deep as it takes to be refused. */
function deepest(set: SelectionSetNode, depth: number, fragments: Fragments, max: number, within: string[]): number {
  return Math.max(
    0,
    ...set.selections.map((node) => {
      if (node.kind === Kind.FIELD) {
        return node.selectionSet ? Math.max(depth, deepest(node.selectionSet, depth + 1, fragments, max, within)) : 0;
      }
      if (node.kind === Kind.INLINE_FRAGMENT) return deepest(node.selectionSet, depth, fragments, max, within);
      const name = node.name.value;
      const body = fragments(name);
      if (within.includes(name)) return max + 1;
      return body ? deepest(body, depth, fragments, max, [...within, name]) : 0;
    }),
  );
}

/** Counts the fields, without `__schema` and without what `@skip` and `@include` take away. */
export function complexityError(document: DocumentNode, variables: Input, max: number): GraphQLError | null {
  const defined = document.definitions.filter((one): one is FragmentDefinitionNode =>
    one.kind === Kind.FRAGMENT_DEFINITION
  );
  const fragments: Fragments = (name) => defined.find((one) => one.name.value === name)?.selectionSet;
  for (const operation of document.definitions) {
    if (!max || operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const count = fields(operation.selectionSet, fragments, variables);
    if (count > max) return new GraphQLError(`Max query complexity should be ${max} but got ${count}.`);
  }
  return null;
}

function fields(set: SelectionSetNode, fragments: Fragments, variables: Input): number {
  return set.selections.reduce((sum, node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const body = fragments(node.name.value);
      return sum + (body ? fields(body, fragments, variables) : 0);
    }
    if (node.kind === Kind.INLINE_FRAGMENT) return sum + fields(node.selectionSet, fragments, variables);
    if (node.name.value === "__schema" || excluded(node, variables)) return sum;
    return sum + 1 + (node.selectionSet ? fields(node.selectionSet, fragments, variables) : 0);
  }, 0);
}

function excluded(node: FieldNode, variables: Input): boolean {
  const values = { sources: {}, coerced: variables } as Parameters<typeof getDirectiveValues>[2];
  return getDirectiveValues(GraphQLSkipDirective, node, values)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, values)?.if === false;
}

export const introspectionRule: ValidationRule = (context) => ({
  Field(node: FieldNode) {
    if (node.name.value !== "__schema" && node.name.value !== "__type") return;
    const message = "GraphQL introspection is not allowed, but the query contained __schema or __type";
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
