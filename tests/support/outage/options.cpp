#include "tests/support/outage/options.hpp"

#include <charconv>
#include <cmath>
#include <map>
#include <span>
#include <string_view>

namespace leat::outage {
namespace {

constexpr std::string_view kUsage =
    R"(outage: an HTTP/1.1 server to which in the middle of a list happens what happens to servers.

Every GET is answered 200, below /broken/ 500. When it ends (SIGTERM, SIGINT), it prints what it saw as one line of JSON.

  --port P              the port to listen on; 0, the default: any free one
  --host ADDR           the address to listen on, 127.0.0.1 by default; may be repeated
  --silent ADDR         drops the SYNs that come to this address; may be repeated
  --port-file FILE      writes the port to FILE once it can be connected to
  --parent-pid-exit     ends when the parent process does
  --own-network         moves to a network namespace that has loopback alone; "nsenter -n -t PID" leads there
  --cert FILE --key FILE  speaks TLS
  --delay MS            what each answer takes, 1 by default
  --body BYTES          of each answer, 3 by default
  --chunked             in chunks
  --announce            each answer says "Connection: close"
  --behind close|reset  ends the connection behind each answer
  --per-connection N    so many answers, the last of which says "Connection: close"
  --idle SECONDS        closes a connection that has no request for so long; never by default
  --nth N close|reset   ends each connection when its Nth request has come, in place of an answer

  --fault NAME          what happens; nothing by default
  --after N             begins when N requests were answered; 0, the default: at once
  --for SECONDS         ends after that time; never by default
  --fault-host ADDR     happens only to what comes to this address
  --begin COMMAND       run by sh at the beginning of the fault
  --end COMMAND         run by sh at its end

Faults:
  status=NNN    answers NNN, also to the requests that wait for their answers
  reset         resets the connections that there are, and each new one when its request has come
  close         the same with FIN
  half-close    answers nothing, closes its own side only, and reads on
  refuse        resets the connections that there are, and nobody listens
  restart       nobody listens; idle connections are closed, the others behind the answer that is due
  freeze        accepts nothing and answers nothing until the end of the fault
  slow=MS       each answer takes that long
  limit=K       takes K connections and no more
  unreachable   resets the connections that there are; then there is no route (wants --own-network)
  drop          packets to the addresses vanish (wants --own-network)
  command       only what --begin and --end do
  --beyond reset|close|refuse|queue   what limit does to further connections; reset by default
)";

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size() && !text.empty();
}

bool parse_milliseconds(std::string_view seconds, std::optional<std::chrono::milliseconds>& time) {
  double number = 0;
  if (!parse_number(seconds, number) || !(number >= 0 && number < 1e6)) return false;
  time = std::chrono::milliseconds(std::llround(number * 1000));
  return true;
}

bool parse_delay(std::string_view text, std::chrono::milliseconds& delay) {
  unsigned number = 0;
  if (!parse_number(text, number)) return false;
  delay = std::chrono::milliseconds(number);
  return true;
}

template <class Value>
bool parse_word(const std::map<std::string_view, Value>& words, std::string_view text, Value& value) {
  const auto found = words.find(text);
  if (found != words.end()) value = found->second;
  return found != words.end();
}

bool parse_ending(std::string_view text, Ending& ending) {
  return parse_word<Ending>({{"close", Ending::close}, {"reset", Ending::reset}}, text, ending);
}

bool parse_beyond(std::string_view text, Beyond& beyond) {
  return parse_word<Beyond>({{"reset", Beyond::reset},
                             {"close", Beyond::close},
                             {"refuse", Beyond::refuse},
                             {"queue", Beyond::queue}},
                            text, beyond);
}

bool parse_fault(std::string_view text, Options& options) {
  const std::map<std::string_view, FaultKind> plain{{"reset", FaultKind::reset},
                                                    {"close", FaultKind::close},
                                                    {"half-close", FaultKind::half_close},
                                                    {"refuse", FaultKind::refuse},
                                                    {"restart", FaultKind::restart},
                                                    {"freeze", FaultKind::freeze},
                                                    {"unreachable", FaultKind::unreachable},
                                                    {"drop", FaultKind::drop},
                                                    {"command", FaultKind::none}};
  const std::map<std::string_view, FaultKind> valued{
      {"status", FaultKind::status}, {"slow", FaultKind::slow}, {"limit", FaultKind::limit}};
  options.has_fault = true;
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return parse_word(plain, text, options.fault);
  return parse_word(valued, text.substr(0, equals), options.fault) &&
         parse_number(text.substr(equals + 1), options.value);
}

bool parse_flag(std::string_view option, Options& options) {
  const std::map<std::string_view, bool*> flags{{"--help", &options.help},
                                                {"--parent-pid-exit", &options.parent_pid_exit},
                                                {"--own-network", &options.own_network},
                                                {"--chunked", &options.chunked},
                                                {"--announce", &options.announce}};
  const auto found = flags.find(option);
  if (found != flags.end()) *found->second = true;
  return found != flags.end();
}

std::string* text_of(std::string_view option, Options& options) {
  if (option == "--host") return &options.hosts.emplace_back();
  if (option == "--silent") return &options.silent.emplace_back();
  const std::map<std::string_view, std::string*> texts{{"--port-file", &options.port_file},
                                                       {"--cert", &options.certificate},
                                                       {"--key", &options.key},
                                                       {"--fault-host", &options.fault_host},
                                                       {"--begin", &options.begin_command},
                                                       {"--end", &options.end_command}};
  const auto found = texts.find(option);
  return found == texts.end() ? nullptr : found->second;
}

/// True if the option takes that value; gives nothing if there is no such option.
std::optional<bool> parse_value(std::string_view option, std::string_view value, Options& options) {
  if (std::string* const text = text_of(option, options)) {
    *text = value;
    return true;
  }
  if (option == "--port") return parse_number(value, options.port);
  if (option == "--delay") return parse_delay(value, options.delay);
  if (option == "--body") return parse_number(value, options.body);
  if (option == "--behind") return parse_ending(value, options.behind);
  if (option == "--per-connection") return parse_number(value, options.per_connection);
  if (option == "--idle") return parse_milliseconds(value, options.idle);
  if (option == "--nth") return parse_number(value, options.nth);
  if (option == "--fault") return parse_fault(value, options);
  if (option == "--after") return parse_number(value, options.after);
  if (option == "--for") return parse_milliseconds(value, options.lasting);
  if (option == "--beyond") return parse_beyond(value, options.beyond);
  return std::nullopt;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv, std::string& error) {
  Options options;
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view option = words[i];
    if (parse_flag(option, options)) continue;
    const std::string_view value = i + 1 < words.size() ? words[++i] : "";
    auto taken = parse_value(option, value, options);
    if (taken && *taken && option == "--nth") {
      taken = i + 1 < words.size() && parse_ending(words[++i], options.nth_ending);
    }
    if (taken && *taken) continue;
    error = taken ? std::string(option) + " doesn't take " + std::string(words[i])
                  : "no option " + std::string(option);
    return std::nullopt;
  }
  if (options.hosts.empty()) options.hosts.emplace_back("127.0.0.1");
  const bool routed = options.fault == FaultKind::unreachable || options.fault == FaultKind::drop;
  if (routed && !options.own_network) error = "this fault wants --own-network";
  if (options.certificate.empty() != options.key.empty()) error = "--cert and --key go together";
  return error.empty() ? std::optional(options) : std::nullopt;
}

std::string help_text() { return std::string(kUsage); }

}  // namespace leat::outage
