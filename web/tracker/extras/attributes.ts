import { silent } from "../core";
import type { Extra, Properties } from "./extra";

const EVENT = "data-leadline-event";

/** Elements that name an event: a form's is sent when it is, any other's when it is clicked. */
export const attributes: Extra = (track) => {
  const listener = silent((event: Event) => {
    const element = event.composedPath().find(namesEvent);
    const name = element?.getAttribute(EVENT);
    if (name && element instanceof HTMLFormElement === (event.type === "submit")) {
      track(name, propertiesOf(element!));
    }
  });
  document.addEventListener("click", listener, true);
  document.addEventListener("submit", listener, true);
};

function namesEvent(target: EventTarget): target is Element {
  return target instanceof Element && target.hasAttribute(EVENT);
}

/** `data-leadline-event-plan="pro"` is the property `plan`. */
function propertiesOf(element: Element): Properties {
  const properties: Properties = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith(`${EVENT}-`)) properties[name.slice(EVENT.length + 1)] = value;
  }
  return properties;
}
