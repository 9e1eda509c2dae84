import { expect, it } from 'vitest';
import { drawTable } from './table.js';
import { colorsFor } from './terminal.js';

it('aligns columns by visible width, numbers on the right', () => {
  const rows = [
    ['name', 'rows', 'model'],
    ['東京', '12', 'a'],
    ['notes', '3', ''],
  ];
  expect(drawTable(rows, [1], colorsFor({}))).toBe('name   rows  model\n東京     12  a\nnotes     3\n');
});
