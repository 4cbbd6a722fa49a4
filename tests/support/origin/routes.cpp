#include "tests/support/origin/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

constexpr auto kRoutes = std::to_array<Route>({
    {"ok", "/ok/…", "200 and three bytes, \"ok\\n\"", answer_ok},
    {"", "/", "this text", answer_help},
    {"status", "/status/CODE/…?retry-after=V&location=URL", "that status; 204, 304 and 1xx without a body",
     answer_status},
    {"flaky", "/flaky/N/KEY…?status=CODE&retry-after=V&fault=reset|truncate",
     "the first N requests of this path fail (503), the others are ok", answer_flaky},
    {"delay", "/delay/MS/…", "ok after MS milliseconds", answer_delay},
    {"timed",
     "/timed/constant/US/SEQ…?stop-at=SEQ&stop-ms=M, /timed/bimodal/US/US2/SEQ…, "
     "/timed/lognormal/US/SIGMA/SEQ…",
     "ok after US microseconds; a fifth after US2; log-normal, median US, sigma in percent: always the same "
     "for "
     "one SEQ; nothing is answered for M ms from the request stop-at on",
     answer_timed},
    {"timings", "/timings",
     "a line \"SEQ RECEIVED ANSWERED\" (ns) for each timed request so far; forgets them", answer_timings,
     false},
    {"size", "/size/N/…", "N bytes of the pattern; counts take K, M and G everywhere", answer_size},
    {"range",
     "/range/N/"
     "…?etag=V&weak=1&changes-after=M&chunked=1&coded=1&fault=KIND&fault-from=F&busy=CODE&retry-after=V",
     "as /size, with ranges and validators; another version after M requests; KIND: ignore-range wrong-start "
     "no-content-range wrong-total short 416-always, of ranges from byte F on; busy: the first range that "
     "begins "
     "later than 0 is answered by CODE",
     answer_range},
    {"etag", "/etag/VALUE/…", "200 with that ETag, 304 to its If-None-Match", answer_etag},
    {"redirect", "/redirect/N/…?status=CODE", "N relative redirects (302), then ok", answer_redirect},
    {"redirect-to", "/redirect-to?url=URL&status=CODE", "a redirect (302) to any URL", answer_redirect_to},
    {"redirect-loop", "/redirect-loop", "a redirect to itself", answer_redirect_loop},
    {"headers", "/headers/…", "the request's method, path, headers and body as JSON", answer_headers},
    {"echo", "/echo/…", "the request's body with its Content-Type", answer_echo},
    {"method", "/method/…", "the request's method", answer_method},
    {"cookie", "/cookie/set?NAME=V&…", "sets these cookies", answer_cookie},
    {"basic-auth", "/basic-auth/USER/PASS", "401 without these credentials", answer_basic_auth},
    {"disposition", "/disposition/NAME", "Content-Disposition: attachment with that file name",
     answer_disposition},
    {"page", "/page/N/…?links=L", "an HTML page with L links to pages N+1", answer_page},
    {"ring", "/ring/PAGES/I?links=L",
     "page I of a ring of PAGES: links to L of them, in circles; all can be reached", answer_ring},
    {"json", "/json/items?page=P&per=K&pages=T&token=V",
     "a page of items, with the next page's URL in it and in Link; 401 without the bearer token V",
     answer_json},
    {"graphql", "/graphql",
     "POST {query, variables: {first, after}}: a page of five items, and where it ends", answer_graphql},
    {"token", "/token",
     "POST grant_type=client_credentials, by quickstart:none: the access token sesame, as JSON",
     answer_token},
    {"site", "/site/N/I?broken=K&hosts=H",
     "page I of a site of N HTML pages with cycles, two images each; every Kth links to a 404; with hosts=, "
     "page I is on 127.0.0.(I mod H + 1)",
     answer_site},
    {"sitemap", "/sitemap/N/…?maps=M", "a sitemap of N pages; with maps=, an index of M sitemaps",
     answer_sitemap},
    {"index", "/index/DEPTH/…", "a directory index, for a path that ends in a slash, else a file",
     answer_index},
    {"item", "/item/ID?version=V", "one item of an API as JSON; another version has other prices",
     answer_item},
    {"drip", "/drip/BYTES/MS/…", "that many bytes, one each MS milliseconds", answer_drip},
    {"chunked", "/chunked/N/…?size=C", "N bytes of the pattern in chunks of C", answer_chunked},
    {"close-delimited", "/close-delimited/N/…", "N bytes of the pattern without a length",
     answer_close_delimited},
    {"gzip", "/gzip/N/…?fault=truncated|checksum&layers=L",
     "N bytes of the pattern (16M at most) with Content-Encoding: gzip, L times", answer_gzip},
    {"events", "/events/N/…", "N server-sent events, with ids", answer_events},
    {"gzip-bomb", "/gzip-bomb/N/…", "N zeros with Content-Encoding: gzip", answer_gzip_bomb},
    {"endless", "/endless/…?chunked=1", "a body without end", answer_endless},
    {"truncate", "/truncate/SENT/TOTAL/…?times=M", "announces TOTAL bytes, sends SENT, closes",
     answer_truncate},
    {"truncate-chunked", "/truncate-chunked/SENT/…?times=M",
     "a chunk of SENT+1024 bytes, cut after SENT of them", answer_truncate_chunked},
    {"reset", "/reset/AFTER/…?times=M",
     "announces AFTER+1024 bytes, sends AFTER, resets; 0: resets without a word", answer_reset},
    {"empty", "/empty/…?times=M", "closes without an answer", answer_empty},
    {"hang", "/hang/…?times=M", "never answers", answer_hang},
    {"endless-headers", "/endless-headers", "header lines without end", answer_endless_headers},
    {"huge-header", "/huge-header/N", "a header whose value has N bytes", answer_huge_header},
    {"many-1xx", "/many-1xx/N", "N times 100 Continue, then ok", answer_many_1xx},
    {"bad", "/bad/KIND",
     "broken framing: two-lengths negative-length nul-header both http09 garbage bad-chunk bad-status-line",
     answer_bad},
    {"robots.txt", "/robots.txt", "what /robots has said; else 404", answer_robots_txt},
    {"robots", "/robots?text=TEXT&status=CODE&location=URL", "says what /robots.txt answers from now on",
     answer_robots, false},
    {"stats", "/stats?paths=0", "connections, requests and paths seen so far, as JSON", answer_stats, false},
    {"reset-stats", "/reset-stats", "POST: counts from zero again", answer_reset_stats, false},
});

constexpr std::string_view kCommonParameters =
    "Every route takes ?delay=MS (before the answer) and ?cut=K&times=M&then=hang (the connection closes, "
    "or\n"
    "nothing more comes, after K bytes of the body, for the first M requests of this path and query, or for\n"
    "all of them). \"…\": anything may follow, to make URLs different.\n";

/// Applies delay= and cut=. A body that ends before the cut is sent completely.
void apply_common_parameters(const Exchange& exchange) {
  Response& response = exchange.response;
  if (const auto delay = exchange.target().parameter_number("delay")) response.delay_us += *delay * 1000;
  const bool has_head = response.framing != Framing::raw && response.framing != Framing::none;
  const auto cut = exchange.target().parameter_number("cut");
  if (!cut || !has_head || exchange.request.is_head()) return;
  if (!exchange.fault_is_due(exchange.target().path_and_query())) return;
  const bool shorter = response.framing == Framing::length && response.length() <= *cut;
  const Ending ending = exchange.target().parameter("then") == "hang" ? Ending::hang : Ending::close;
  if (!shorter && *cut < response.cut_after) response.cut(*cut, ending);
}

}  // namespace

bool Exchange::fault_is_due(std::string_view key) const {
  const auto times = target().parameter_number("times");
  return !times || services.occurrences.next(key) < *times;
}

std::span<const Route> routes() noexcept { return kRoutes; }

const Route* find_route(const Target& target) noexcept {
  if (!target.path().starts_with('/')) return nullptr;
  const std::string_view name = target.raw_segment(0);
  if (name.empty() && target.path() != "/") return nullptr;
  const auto found =
      std::find_if(kRoutes.begin(), kRoutes.end(), [name](const Route& route) { return route.name == name; });
  return found == kRoutes.end() ? nullptr : &*found;
}

void answer(const Route* route, const Exchange& exchange) {
  if (route == nullptr) {
    exchange.response.text(404, "no such route; / lists them\n");
  } else if (!route->handler(exchange)) {
    exchange.response.clear();
    exchange.response.text(400, fmt::format("usage: {}\n", route->usage));
  }
  if (!exchange.target().query().empty()) apply_common_parameters(exchange);
}

std::string routes_text() {
  std::string text;
  for (const Route& route : kRoutes) {
    fmt::format_to(std::back_inserter(text), "{}\n    {}\n", route.usage, route.help);
  }
  return text.append("\n").append(kCommonParameters);
}

}  // namespace leat::origin
