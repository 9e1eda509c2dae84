/** Limit of the score of a word of weight 1: k1 + 1. */
export const MOST_IMPACT = 2.2;
/** Levels of a stored score. */
export const IMPACT_LEVELS = 127;
