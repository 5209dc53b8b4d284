export { graphql } from "./graphql.ts";
export { parsed } from "./document.ts";
