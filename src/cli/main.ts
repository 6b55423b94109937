// Room: cli. The door. What Node has compiled once is kept (in the system's temporary folder): a command starts in a third
// of the time and with a quarter less memory.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { run } = await import('./run.ts');
await run(process.argv.slice(2));
