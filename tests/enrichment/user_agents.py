"""Headers that programs really send, by what they are."""

import json
from pathlib import Path

_MODULE = Path(__file__).parents[2] / "web/node_modules/user-agents/dist/user-agents.json"


def of_people() -> dict[str, str]:
    """Headers of some 950 people in 2026, each with its device: mobile, tablet or desktop."""
    rows = json.loads(_MODULE.read_text("utf-8"))
    return {row["userAgent"]: row["deviceCategory"] for row in rows}


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
ANDROID = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT}"

# device type, browser, operating system, header
DEVICES = [
    ("Desktop", "Chrome", "Windows", f"{CHROME}Chrome/140.0.0.0 Safari/537.36"),
    ("Desktop", "Edge", "Windows", f"{CHROME}Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"),
    ("Desktop", "Opera", "Windows", f"{CHROME}Chrome/138.0.0.0 Safari/537.36 OPR/122.0.0.0"),
    (
        "Desktop",
        "Vivaldi",
        "Windows",
        f"{CHROME}Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5.3735.47",
    ),
    (
        "Desktop",
        "Yandex Browser",
        "Windows",
        f"{CHROME}Chrome/136.0.0.0 YaBrowser/25.6.0.0 Safari/537.36",
    ),
    (
        "Desktop",
        "IE",
        "Windows",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; Touch; Tablet PC 2.0; rv:11.0) like Gecko",
    ),
    (
        "Desktop",
        "IE",
        "Windows",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; WOW64; Trident/4.0; Tablet PC 2.0)",
    ),
    (
        "Desktop",
        "Opera",
        "Windows",
        "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
    ),
    (
        "Desktop",
        "Firefox",
        "Windows",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
    ),
    (
        "Desktop",
        "Chrome",
        "Chrome OS",
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
    ),
    (
        "Desktop",
        "Firefox",
        "Linux",
        "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    ),
    (
        "Desktop",
        "Firefox",
        "Ubuntu",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    ),
    (
        "Desktop",
        "Firefox",
        "FreeBSD",
        "Mozilla/5.0 (X11; FreeBSD amd64; rv:128.0) Gecko/20100101 Firefox/128.0",
    ),
    (
        "Desktop",
        "Safari",
        "Mac OS X",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.5 Safari/605.1.15",
    ),
    (
        "Desktop",
        "Chrome",
        "Mac OS X",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {ANDROID} Safari/537.36",
    ),
    ("Phone", "Safari", "iOS", f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1"),
    ("Phone", "Chrome", "iOS", f"{IPHONE} CriOS/138.0.7204.156 Mobile/15E148 Safari/604.1"),
    ("Phone", "Firefox", "iOS", f"{IPHONE} FxiOS/141.0 Mobile/15E148 Safari/605.1.15"),
    (
        "Phone",
        "Edge",
        "iOS",
        f"{IPHONE} Version/18.0 EdgiOS/138.0.3351.95 Mobile/15E148 Safari/604.1",
    ),
    ("Phone", "DuckDuckGo", "iOS", f"{IPHONE} Mobile/15E148 DuckDuckGo/7 Safari/605.1.15"),
    (
        "Phone",
        "Facebook",
        "iOS",
        f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/520.0.0.38.101;FBBV/756351453;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBCR/;FBID/phone;FBLC/de_DE;FBOP/80]",
    ),
    (
        "Phone",
        "Instagram",
        "iOS",
        f"{IPHONE} Mobile/22F76 Instagram 389.0.0.30.74 (iPhone14,5; iOS 18_5; de_DE; de; scale=3.00; 1170x2532; 757527742)",
    ),
    ("Phone", "Mobile Safari UI/WKWebView", "iOS", f"{IPHONE} Mobile/15E148"),
    (
        "Phone",
        "Safari",
        "iOS",
        f"Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5 like Mac OS X) {WEBKIT} Version/12.1 Mobile/15E148 Safari/604.1",
    ),
    (
        "Phone",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 10; K) {ANDROID} Mobile Safari/537.36",
    ),
    (
        "Phone",
        "Edge",
        "Android",
        f"Mozilla/5.0 (Linux; Android 14; K) {ANDROID} Mobile Safari/537.36 EdgA/138.0.0.0",
    ),
    (
        "Phone",
        "Opera",
        "Android",
        f"Mozilla/5.0 (Linux; Android 12; Pixel 6) {ANDROID} Mobile Safari/537.36 OPR/80.0.0.0",
    ),
    (
        "Phone",
        "Samsung Internet",
        "Android",
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    ),
    (
        "Phone",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 11; CUBOT P40) {ANDROID} Mobile Safari/537.36",
    ),
    (
        "Phone",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 8.0.0; CUBOT_NOTE_S Build/O00623) {ANDROID} Mobile Safari/537.36",
    ),
    (
        "Phone",
        "Facebook",
        "Android",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/138.0.7204.179 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/520.0.0.38.101;]",
    ),
    (
        "Phone",
        "TikTok",
        "Android",
        "Mozilla/5.0 (Linux; Android 13; M2101K6G; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/138.0.7204.179 Mobile Safari/537.36 musical_ly_2023901040 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly app_version/39.1.4 ByteLocale/de-DE",
    ),
    (
        "Phone",
        "Chrome Mobile WebView",
        "Android",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/138.0.7204.179 Mobile Safari/537.36",
    ),
    (
        "Phone",
        "UC Browser",
        "Android",
        "Mozilla/5.0 (Linux; U; Android 12; en-US; RMX3085) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.0.1306 Mobile Safari/537.36",
    ),
    (
        "Phone",
        "Huawei Browser",
        "Android",
        "Mozilla/5.0 (Linux; Android 13; HarmonyOS; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36",
    ),
    (
        "Phone",
        "Firefox",
        "Android",
        "Mozilla/5.0 (Android 14; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0",
    ),
    (
        "Phone",
        "Firefox",
        "KaiOS",
        "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
    ),
    (
        "Phone",
        "Opera Mini",
        "Symbian OS",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54",
    ),
    (
        "Phone",
        "BlackBerry WebKit",
        "BlackBerry OS",
        "Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile Safari/537.10+",
    ),
    (
        "Phone",
        "Edge",
        "Windows Phone",
        "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254",
    ),
    (
        "Phone",
        "IE",
        "Windows Phone",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows Phone 8.0; Trident/6.0; IEMobile/10.0; ARM; Touch; NOKIA; Lumia 920)",
    ),
    (
        "Tablet",
        "Safari",
        "iOS",
        f"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) {WEBKIT} Version/12.1 Mobile/15E148 Safari/604.1",
    ),
    (
        "Tablet",
        "WeChat Browser",
        "iOS",
        f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {WEBKIT} Mobile/21F79 MicroMessenger/8.0.49",
    ),
    (
        "Tablet",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 13; SM-X906C) {ANDROID} Safari/537.36",
    ),
    (
        "Tablet",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 9; SM-T515) {ANDROID} Mobile Safari/537.36",
    ),
    (
        "Tablet",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 11; Lenovo TB-J606F) {ANDROID} Safari/537.36",
    ),
    (
        "Tablet",
        "Firefox",
        "Android",
        "Mozilla/5.0 (Android 14; Tablet; rv:142.0) Gecko/142.0 Firefox/142.0",
    ),
    (
        "Tablet",
        "Amazon Silk",
        "Android",
        "Mozilla/5.0 (Linux; U; Android 4.0.3; en-us; KFTT Build/IML74K) AppleWebKit/535.19 (KHTML, like Gecko) Silk/3.4 Safari/535.19 Silk-Accelerated=true",
    ),
    (
        "Tablet",
        "Amazon Silk",
        "Android",
        "Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/138.4.1 like Chrome/138.0.7204.179 Safari/537.36",
    ),
    (
        "Tablet",
        "BlackBerry WebKit",
        "BlackBerry Tablet OS",
        "Mozilla/5.0 (PlayBook; U; RIM Tablet OS 2.1.0; en-US) AppleWebKit/536.2+ (KHTML, like Gecko) Version/7.2.1.0 Safari/536.2+",
    ),
    (
        "TV",
        "Amazon Silk",
        "Android",
        "Mozilla/5.0 (Linux; Android 9; AFTKA) AppleWebKit/537.36 (KHTML, like Gecko) Silk/110.3.1 like Chrome/110.0.5481.154 Safari/537.36",
    ),
    (
        "TV",
        "Samsung Internet",
        "Tizen",
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2.2 Chrome/63.0.3239.84 TV Safari/537.36",
    ),
    (
        "TV",
        "Chrome",
        "Web0S",
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
    ),
    (
        "TV",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 12; BRAVIA 4K UR2) {ANDROID} Safari/537.36",
    ),
    ("TV", "Chrome", "Android", f"Mozilla/5.0 (Linux; Android 12; MIBOX4) {ANDROID} Safari/537.36"),
    (
        "TV",
        "Chrome",
        "Android",
        f"Mozilla/5.0 (Linux; Android 11; Android TV) {ANDROID} Safari/537.36",
    ),
    (
        "TV",
        "Chrome",
        "Chromecast Linux",
        "Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.0.0 Safari/537.36 CrKey/1.54.250320",
    ),
    (
        "TV",
        "HbbTV",
        "Linux",
        "Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/538.1 (KHTML, like Gecko) Version/8.0 Safari/538.1 HbbTV/1.4.1 (+DRM; VESTEL; MB130; 1.0; 2.0;)",
    ),
    (
        "Console",
        "Safari",
        "",
        f"Mozilla/5.0 (PlayStation; PlayStation 5/8.20) {WEBKIT} Version/16.4 Safari/605.1.15",
    ),
    (
        "Console",
        "Edge",
        "Windows",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edge/44.18363.8131",
    ),
    (
        "Console",
        "",
        "",
        "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.22.5 NintendoBrowser/5.1.0.23519",
    ),
]

# One a line.
BOTS = f"""
Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) {ANDROID} Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
Googlebot-Image/1.0
AdsBot-Google (+http://www.google.com/adsbot.html)
Mediapartners-Google
Mozilla/5.0 (compatible; Google-InspectionTool/1.0)
Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36
Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)
Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)
DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)
Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)
Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)
Mozilla/5.0 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)
Mozilla/5.0 (compatible; SeznamBot/4.0; +http://napoveda.seznam.cz/seznambot-intro/)
Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)
Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; +https://openai.com/bot)
Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot)
Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)
Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)
CCBot/2.0 (https://commoncrawl.org/faq/)
Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)
meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) Version/8.0.2 Safari/600.2.5 (Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)
Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)
Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)
Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)
Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)
Screaming Frog SEO Spider/20.1
Mozilla/5.0 (compatible; DataForSeoBot/1.0; +https://dataforseo.com/dataforseo-bot)
facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)
Twitterbot/1.0
LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)
Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)
Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)
TelegramBot (like TwitterBot)
WhatsApp/2.23.20.0
Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)
Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)
Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)
Mozilla/5.0 (compatible; StatusCake)
Site24x7
Datadog/Synthetics
Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/138.0.0.0 Safari/537.36
Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1
Mozilla/5.0 (Windows NT 10.0; Win64; x64) {ANDROID} Safari/537.36 Playwright/1.50
Mozilla/5.0 (Linux; Android 11; moto g power (2022)) {ANDROID} Mobile Safari/537.36 Chrome-Lighthouse
Mozilla/5.0 (X11; Linux x86_64) {ANDROID} Safari/537.36 GTmetrix
Mozilla/5.0 (X11; Linux x86_64) {ANDROID} Safari/537.36 PTST/250601.1234
Mozilla/5.0 (X11; Linux x86_64) {ANDROID} Safari/537.36 Cypress/13.6.0
Mozilla/5.0 (Windows NT 10.0; Win64; x64) {ANDROID} Safari/537.36 Selenium/4.21
curl/8.9.1
Wget/1.21.4
python-requests/2.32.3
Python-urllib/3.12
aiohttp/3.9.5
python-httpx/0.27.0
Go-http-client/2.0
Java/17.0.11
okhttp/4.12.0
Apache-HttpClient/4.5.14 (Java/17.0.11)
axios/1.7.2
node-fetch/1.0 (+https://github.com/bitinn/node-fetch)
undici
PostmanRuntime/7.39.0
libwww-perl/6.77
Ruby
GuzzleHttp/7
PHP/8.3.8
Scrapy/2.11.2 (+https://scrapy.org)
Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)
Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)
ia_archiver
Mozilla/5.0 zgrab/0.x
Nmap Scripting Engine
Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)
sqlmap/1.8.6#stable (https://sqlmap.org)
Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)
Mozilla/5.0
Mozilla/5.0 (compatible)
-
""".strip().splitlines()
