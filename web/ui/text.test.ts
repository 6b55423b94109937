import { expect, test } from 'vitest';
import { formatBytes } from './file-drop.tsx';
import { formatDuration } from './progress.tsx';
import { formatPostalCode, formatRate } from './text.tsx';

test.each([
  // The source's own breakdown (003): 358 of 9,100 is printed as 3.94% there and is 3.93%.
  [9100, 31_067, '29.29％'],
  [8669, 9100, '95.26％'],
  [5, 9100, '0.05％'],
  [358, 9100, '3.93％'],
  [68, 9100, '0.75％'],
  [1, 3, '33.33％'],
  [2, 3, '66.67％'],
  [0, 5, '0.00％'],
  [5, 5, '100.00％'],
  [0, 0, '－'],
])('%i of %i is %s', (part, whole, text) => {
  expect(formatRate(part, whole)).toBe(text);
});

test.each([
  [0, '約0秒'],
  [59.6, '約1分'],
  [200, '約3分20秒'],
  [180, '約3分'],
  [3599, '約59分'],
  [7260, '約2時間1分'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('bytes and postal codes as people read them', () => {
  expect(formatBytes(1023)).toBe('1,023バイト');
  expect(formatBytes(1_258_291)).toBe('1.2MB');
  expect(formatPostalCode('1000013')).toBe('〒100-0013');
  expect(formatPostalCode('')).toBe('');
});
