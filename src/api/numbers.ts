/** Numbers of an answer with digits that the program's own would lose: money, which came as text, is none of them. */
export const numbers = new WeakSet<object>();
