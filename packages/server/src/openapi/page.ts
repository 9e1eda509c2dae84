export const PAGE = '<!doctype html><title>model2vec-ts</title>';
