#include "engine/load/request_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "engine/http/gate/retry_policy.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/base64.hpp"
#include "engine/text/percent.hpp"

namespace leat::load {

namespace {

bool changes(const TextPieces& pieces) noexcept {
  return std::any_of(pieces.begin(), pieces.end(),
                     [](const TextPiece& piece) { return piece.kind != TextPiece::Kind::text; });
}

void add_text(TextPieces& pieces, std::string_view text) {
  if (pieces.empty() || pieces.back().kind != TextPiece::Kind::text) pieces.emplace_back();
  pieces.back().text += text;
}

void add_pieces(TextPieces& pieces, const TextPieces& more) {
  for (const TextPiece& piece : more) {
    if (piece.kind == TextPiece::Kind::text) {
      add_text(pieces, piece.text);
    } else {
      pieces.push_back(piece);
    }
  }
}

// The name of a field is in the first piece, as text.
std::string_view name_of(const TextPieces& field) noexcept {
  const std::string_view text = field.empty() ? std::string_view() : std::string_view(field.front().text);
  return text.substr(0, text.find_first_of(":;"));
}

/// Collects header fields: a later field of the user replaces one of curl's own.
class Fields {
 public:
  void add_default(std::string_view name, std::string_view value) {
    defaults_.push_back({std::string(name), fmt::format("{}: {}\r\n", name, value)});
  }
  void add(const TextPieces& field) {
    const std::string_view name = name_of(field);
    std::erase_if(defaults_, [&](const Default& one) { return text::equal_ignoring_case(one.name, name); });
    // As in curl, "Name:" is not sent, and "Name;" is sent with an empty value.
    const bool alone = field.size() == 1;
    const std::string_view rest = std::string_view(field.front().text).substr(name.size());
    if (alone && rest.find_first_not_of(": \t") == std::string_view::npos) return;
    if (alone && rest == ";") {
      add_text(own_, fmt::format("{}:\r\n", name));
      return;
    }
    add_pieces(own_, field);
    add_text(own_, "\r\n");
  }
  void write(TextPieces& head) const {
    for (const Default& one : defaults_) add_text(head, one.line);
    add_pieces(head, own_);
  }

 private:
  struct Default {
    std::string name;
    std::string line;
  };
  std::vector<Default> defaults_;
  TextPieces own_;
};

TextPieces plain(std::string_view text) {
  TextPieces pieces;
  add_text(pieces, text);
  return pieces;
}

// Reserved characters keep their meaning, since a column may hold a whole path or query.
void add_value(std::string& to, std::string_view value, bool in_url) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool refused =
        byte <= 0x20 || byte >= 0x7f || std::string_view("\"<>\\^`{|}#").find(c) != std::string_view::npos;
    if (in_url && refused) {
      text::append_percent_encoded(to, c);
    } else {
      to += c;
    }
  }
}

// Version 4 of RFC 9562: all bits are random but those that say so.
void append_uuid(std::string& to, std::uint64_t high, std::uint64_t low) {
  high = (high & ~std::uint64_t{0xf000}) | 0x4000;
  low = (low >> 2) | (std::uint64_t{2} << 62);
  fmt::format_to(std::back_inserter(to), "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32,
                 high >> 16 & 0xffff, high & 0xffff, low >> 48, low & 0xffffffffffff);
}

void append_now(std::string& to) {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  fmt::format_to(std::back_inserter(to), "{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

// Path and query as they were written, without what RFC 3986 (5.2.4) makes of /../ and /./.
std::string written_path(std::string_view url) {
  const std::string_view path = url.substr(http::Url::split(url).path);
  return path.starts_with('/') ? std::string(path) : "/" + std::string(path);
}

// Bytes beyond ASCII become %XX, as in `sent_url`.
TextPieces sent_path(TextPieces path) {
  for (TextPiece& piece : path) {
    std::string text;
    for (const char c : piece.text) {
      if (static_cast<unsigned char>(c) < 0x80) {
        text += c;
      } else {
        text::append_percent_encoded(text, c);
      }
    }
    piece.text = std::move(text);
  }
  return path;
}

std::string host_field(const http::UrlParts& url) {
  const bool usual = url.port == (url.scheme == "https" ? "443" : "80");
  return usual ? url.host : url.host + ":" + url.port;
}

}  // namespace

RequestBook::RequestBook(const LoadPlan& plan, std::size_t part, std::size_t parts)
    : plan_(plan), next_seq_(part), parts_(parts), random_(plan.seed + 0x9e3779b97f4a7c15U * (part + 1)) {
  double sum = 0;
  for (const Target& target : plan.targets) {
    entries_.push_back(make_entry(target));
    weights_.push_back(sum += target.weight);
  }
}

std::size_t RequestBook::place_of_origin(std::string_view url) {
  const std::string origin = http::origin_of(url) + "/";
  const auto found = std::find(origins_.begin(), origins_.end(), origin);
  if (found != origins_.end()) return static_cast<std::size_t>(found - origins_.begin());
  origins_.push_back(origin);
  return origins_.size() - 1;
}

RequestBook::Entry RequestBook::make_entry(const Target& target) {
  Entry entry;
  entry.target = &target;
  entry.is_head = target.method == "HEAD";
  entry.is_idempotent = http::is_idempotent(target.method);
  entry.origin = place_of_origin(target.url);
  const auto parsed = http::parse_url(http::sent_url(http::Url(target.url)).text());
  const http::UrlParts url = parsed ? parsed.value() : http::UrlParts();

  add_text(entry.head, target.method + " ");
  if (target.path.empty() && plan_.path_as_is) {
    add_pieces(entry.head, sent_path(plain(written_path(target.url))));
  } else if (target.path.empty()) {
    add_text(entry.head, url.path + (url.query.empty() ? "" : "?" + url.query));
  } else {
    add_pieces(entry.head, sent_path(target.path));
  }
  add_text(entry.head, plan_.http1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");

  Fields fields;
  fields.add_default("Host", host_field(url));
  const std::string credentials =
      plan_.userpwd.empty() ? http::userinfo_of(http::Url(target.url)).value_or("") : plan_.userpwd;
  if (!credentials.empty()) fields.add_default("Authorization", "Basic " + text::encode_base64(credentials));
  if (!plan_.user_agent.empty()) fields.add_default("User-Agent", plan_.user_agent);
  fields.add_default("Accept", "*/*");
  if (target.has_body) fields.add_default("Content-Type", "application/x-www-form-urlencoded");
  if (!plan_.keepalive) fields.add_default("Connection", "close");
  for (const auto& field : plan_.headers) fields.add(plain(field));
  for (const auto& field : target.headers) fields.add(field);
  fields.write(entry.head);
  if (target.has_body) add_text(entry.head, "Content-Length: ");

  entry.is_fixed = !changes(entry.head) && !changes(target.body);
  if (entry.is_fixed) {
    for (const auto& piece : entry.head) entry.bytes += piece.text;
    std::string body;
    for (const auto& piece : target.body) body += piece.text;
    if (target.has_body) entry.bytes += fmt::format("{}\r\n", body.size());
    entry.bytes += "\r\n" + body;
  }
  return entry;
}

std::size_t RequestBook::pick() noexcept {
  if (entries_.size() == 1) return 0;
  const double at = std::uniform_real_distribution<double>(0, weights_.back())(random_);
  const auto found = std::upper_bound(weights_.begin(), weights_.end(), at);
  return std::min(static_cast<std::size_t>(found - weights_.begin()), entries_.size() - 1);
}

RequestBook::Turn RequestBook::next_turn() noexcept {
  Turn turn;
  turn.seq = next_seq_;
  next_seq_ += parts_;
  if (plan_.data && !plan_.data->empty()) turn.row = &(*plan_.data)[turn.seq % plan_.data->size()];
  return turn;
}

void RequestBook::append(std::string& to, const TextPieces& pieces, const Turn& turn) {
  for (const TextPiece& piece : pieces) {
    switch (piece.kind) {
      case TextPiece::Kind::text:
        to += piece.text;
        break;
      case TextPiece::Kind::seq:
        fmt::format_to(std::back_inserter(to), "{}", turn.seq);
        break;
      case TextPiece::Kind::random:
        fmt::format_to(std::back_inserter(to), "{:016x}", random_());
        break;
      case TextPiece::Kind::number:
        fmt::format_to(std::back_inserter(to), "{}",
                       std::uniform_int_distribution<std::uint64_t>(piece.lowest, piece.highest)(random_));
        break;
      case TextPiece::Kind::uuid: {
        const std::uint64_t high = random_();
        append_uuid(to, high, random_());
        break;
      }
      case TextPiece::Kind::now:
        append_now(to);
        break;
      case TextPiece::Kind::column:
        if (turn.row != nullptr && piece.column < turn.row->size()) {
          add_value(to, (*turn.row)[piece.column], piece.in_url);
        }
        break;
    }
  }
}

std::string_view RequestBook::write(std::size_t target, std::string& room) {
  const Entry& entry = entries_[target];
  if (entry.is_fixed) {
    next_seq_ += parts_;
    return entry.bytes;
  }
  const Turn turn = next_turn();
  room.clear();
  append(room, entry.head, turn);
  if (entry.target->has_body) {
    body_.clear();
    append(body_, entry.target->body, turn);
    fmt::format_to(std::back_inserter(room), "{}\r\n\r\n", body_.size());
    room += body_;
  } else {
    room += "\r\n";
  }
  return room;
}

RequestBook::Written RequestBook::write_parts(std::size_t target) {
  const Target& wanted = *entries_[target].target;
  const Turn turn = next_turn();
  Written written;
  if (wanted.path.empty()) {
    written.url = wanted.url;
  } else {
    written.url = origins_[entries_[target].origin];
    written.url.pop_back();
    append(written.url, wanted.path, turn);
  }
  for (const auto& field : wanted.headers) append(written.headers.emplace_back(), field, turn);
  const bool says_connection = std::any_of(
      wanted.headers.begin(), wanted.headers.end(),
      [](const TextPieces& field) { return text::equal_ignoring_case(name_of(field), "connection"); });
  if (!plan_.keepalive && !plan_.http2 && !says_connection) written.headers.emplace_back("Connection: close");
  append(written.body, wanted.body, turn);
  return written;
}

}  // namespace leat::load
