// What is used of the library, and no more, in a chunk that is loaded after its environment is in place.
export { CANCEL_SYMBOL, confirm, isCancel, select } from "@clack/prompts";
