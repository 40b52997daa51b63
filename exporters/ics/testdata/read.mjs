// Reads calendars, a JSON list of texts, from standard input with ical.js and writes what
// it found in each to standard output.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import fs from 'node:fs';
const require = createRequire(process.cwd() + '/');
const ICAL = (await import(pathToFileURL(require.resolve('ical.js')).href)).default;

ICAL.design.strict = true;

function moment(time) {
  if (!time) return null;
  return time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString();
}

function component(c) {
  const value = (name) => c.getFirstPropertyValue(name);
  const start = value('dtstart') ?? value('due');
  const alarm = c.getFirstSubcomponent('valarm');
  let end = value('dtend');
  if (!end && value('duration')) {
    end = start.clone();
    end.addDuration(value('duration'));
  }
  return {
    kind: c.name, uid: value('uid'), sequence: value('sequence'), stamp: moment(value('dtstamp')), zone: start.zone.tzid, local: start.toString(),
    start: moment(start), end: moment(end), summary: value('summary'), description: value('description'), category: value('categories'),
    trigger: alarm ? alarm.getFirstPropertyValue('trigger').toString() : '', related: alarm ? alarm.getFirstProperty('trigger').getParameter('related') ?? '' : '',
  };
}

const found = JSON.parse(fs.readFileSync(0, 'utf8')).map((text) => {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  // Only the zones of the calendar itself are known: a wrong one can't hide.
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  return {
    name: calendar.getFirstPropertyValue('name'), version: calendar.getFirstPropertyValue('version'), method: calendar.getFirstPropertyValue('method'),
    entries: calendar.getAllSubcomponents().filter((c) => c.name === 'vevent' || c.name === 'vtodo').map(component),
  };
});
process.stdout.write(JSON.stringify(found));
