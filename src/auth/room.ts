/** A chunk of its own, loaded before a session is renewed. */
export { room } from "../storage/mod.ts";
