/**
 * What a person gives to be sent: files and stdin, read whole; an object of options and `--input`.
 *
 * @module
 */

export { digits, whyNot } from "./json.ts";
export { amountOf, count, given, INPUT, money, objectOf, yesOrNo } from "./object.ts";
export { holdNamed, readBytes, readText } from "./read.ts";
