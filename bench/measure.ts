// Loaded before a command that is measured (`node --import`): writes its wall seconds and peak memory when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const report = process.env['TODOKE_MEASURE'];
  if (report === undefined) return;
  const { maxRSS } = process.resourceUsage();
  writeFileSync(report, JSON.stringify({ seconds: performance.now() / 1000, peakMiB: maxRSS / 1024 }));
});
