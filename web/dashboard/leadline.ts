// What the pages do beyond links and forms. Each part works for elements that come later, too.

import "./chart";
import "./copying";
import "./fetched";
import "./forms";
import "./live";
import "./menus";
import "./passkeys";
import "./shortcuts";
