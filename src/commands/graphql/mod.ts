export { graphql } from "./graphql.ts";
