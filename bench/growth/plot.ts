import { writeFile } from 'node:fs/promises';
import { type GrowthResult, growthOf } from './report.js';

const WIDTH = 360;
const HEIGHT = 240;
const MARGIN = 48;
const MAX_GROWTH = 2;
const COLOURS: Readonly<Record<string, string>> = {
  replace: '#1b6ca8',
  get: '#2e8b57',
  identify: '#b8860b',
  create: '#a83232',
};

/**
 * Plots the growth of the median latencies with the number of profiles, a panel for each database. Writing the SVG takes
 * less code than setting up a library that draws without a browser.
 */
export async function writePlot(file: string, results: readonly GrowthResult[]): Promise<void> {
  const panels = results.map((result, index) => `<g transform="translate(${index * WIDTH} 0)">${panel(result)}</g>`);
  const size = `viewBox="0 0 ${results.length * WIDTH} ${HEIGHT + 24}"`;
  const style = '<style>text{font:12px sans-serif;fill:#444}line,polyline{fill:none;stroke-width:2}</style>';
  const title = '<title>Median latencies by the number of profiles</title>';
  const background = '<rect width="100%" height="100%" fill="#fff"/>';
  await writeFile(
    file,
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${title}${style}${background}\n${panels.join('\n')}\n</svg>\n`,
  );
}

function panel({ version, latencies }: GrowthResult): string {
  const counts = [...new Set(latencies.map(({ profiles }) => profiles))].sort((a, b) => a - b);
  const [least = 1, most = least] = [counts[0], counts.at(-1)];
  const span = Math.log(most / least) || 1;
  const x = (profiles: number) => MARGIN + (Math.log(profiles / least) / span) * (WIDTH - 2 * MARGIN);
  const y = (growth: number) => HEIGHT - MARGIN - (Math.min(growth, MAX_GROWTH) / MAX_GROWTH) * (HEIGHT - 2 * MARGIN);
  const lines = [0, 0.5, 1, 1.5, 2].map(
    (growth) =>
      `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y(growth)}" y2="${y(growth)}" ${growth === 1.5 ? 'stroke="#888" stroke-dasharray="6 4"' : 'stroke="#ddd"'}/>` +
      `<text x="${MARGIN - 6}" y="${y(growth) + 4}" text-anchor="end">${growth}</text>`,
  );
  const ticks = counts.map(
    (count) =>
      `<text x="${x(count)}" y="${HEIGHT - MARGIN + 18}" text-anchor="middle">${count.toLocaleString('en')}</text>`,
  );
  const curves = Object.entries(COLOURS).map(([operation, colour], index) => {
    const own = latencies.filter((latency) => latency.operation === operation);
    const points = own
      .map((one) => `${x(one.profiles).toFixed(1)},${y(growthOf(one, latencies)).toFixed(1)}`)
      .join(' ');
    const key = `<text x="${MARGIN + index * 70}" y="${HEIGHT + 12}" style="fill:${colour}">${operation}</text>`;
    return `<polyline points="${points}" stroke="${colour}"/>${key}`;
  });
  const [name] = version.split(' (');
  const title = `<text x="${MARGIN}" y="24">${name}: relative p50, by profiles</text>`;
  return [title, ...lines, ...ticks, ...curves].join('\n');
}
