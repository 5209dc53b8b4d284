/** The types of the module `lab`. */
export const LAB_TYPES = `
scalar BigInt
scalar Email

type Subscription {
  lab_ticks: Int!
}

enum LabSize {
  small
  medium
  large
  "Nobody makes it any more."
  huge @deprecated(reason: "Use large.")
  XL
  _1
}

interface LabNode {
  id: ID!
  name: String!
}

type LabBox implements LabNode {
  id: ID!
  name: String!
  size: LabSize!
  sizes: [LabSize!]
  tags: [String!]!
  matrix: [[Int!]!]
  price: Money
  big: BigInt
  email: Email
  meta: JSON
  opened: Boolean!
  weight: Float
  price_in(currency: String!): Money!
  labels(first: Int = 2): [String!]!
  old: String @deprecated(reason: "Use name.")
  owner: LabOwner @can(permission: "customers.view_sensitive")
  inside: LabBox
  contents: [LabThing!]!
  order: Order @can(permission: "orders.view")
  created_at: DateTime!
}

type LabNote implements LabNode {
  id: ID!
  name: String!
  constructor: String!
  toString: String!
  output: String!
  text: String
}

type LabOwner {
  id: ID!
  name: String!
  boxes: [LabBox!]!
  customer: Customer @can(permission: "customers.view")
}

type LabFragile {
  id: ID!
  name: String!
  secret: String @can(permission: "admin.system_settings")
  secrets: [String!] @can(permission: "admin.audit_log")
  broken(on: Boolean = false): String
}

type LabOnlyObjects {
  box: LabBox
  note: LabNote
}

"A name that JavaScript has too."
type Object {
  id: ID!
  name: String!
}

type Map {
  size: Int!
  get: String
}

union LabThing = LabBox | LabNote | LabOwner

type LabBoxPage {
  data: [LabBox!]!
  meta: Meta!
}

type LabFragilePage {
  data: [LabFragile!]!
  meta: Meta!
}

type LabEcho {
  operation: String!
  given: [String!]!
  args: String!
}

input LabBoxInput {
  name: String!
  size: LabSize = medium
  tags: [String!]
  matrix: [[Int!]!]
  price: Money
  at: DateTime
  opened: Boolean = false
  count: Int = 1
  weight: Float
  meta: JSON
  parent: LabBoxInput
  boxes: [LabBoxInput!]
  crate: String @deprecated(reason: "Use name.")
}

input LabItemInput {
  sku: String!
  quantity: Int! = 1
  options: LabOptionsInput
}

input LabOptionsInput {
  gift: Boolean
  colours: [String!]
  sizes: [LabSize!]
  next: LabItemInput
}
`;
