// Reads a survey made by generate.go with DuckDB: n, mean, SD and histogram of
// each item and the variance of each dimension's total, from which alpha
// follows, by department. That is a part of what firstcall does in one pass.
// See compare.go.
//
//   npm install @duckdb/node-api
//   node duckdb.mjs /tmp/large.csv
import { DuckDBInstance } from '@duckdb/node-api';

const file = process.argv[2];
const items = [];
for (let d = 1; d <= 8; d++) for (let i = 1; i <= 5; i++) items.push(`d${d}-${i}`);
const columns = ['department', 'role'].map(c => `'${c}': 'VARCHAR'`).concat(items.map(i => `'${i}': 'TINYINT'`));
const select = ['department', 'count(*)'];
for (const i of items) {
  select.push(`count("${i}")`, `avg("${i}")`, `stddev_samp("${i}")`);
  for (let step = 1; step <= 5; step++) select.push(`count(*) filter ("${i}" = ${step})`);
}
for (let d = 1; d <= 8; d++) {
  select.push(`var_samp("d${d}-1" + "d${d}-2" + "d${d}-3" + "d${d}-4" + 6 - "d${d}-5")`);
}
const db = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await db.connect();
const result = await connection.runAndReadAll(
  `select ${select} from read_csv('${file}', header = true, columns = {${columns}}) group by department order by department`);
console.log(result.getRows().length, 'groups');
