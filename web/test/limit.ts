/** The longest that any test waits for anything, in milliseconds; as `Eventually.LIMIT` of the other modules. */
export const LIMIT_MILLIS = 120_000;
