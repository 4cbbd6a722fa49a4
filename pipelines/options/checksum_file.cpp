#include "pipelines/options/checksum_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/io/confined_path.hpp"
#include "engine/io/file_error.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/percent.hpp"
#include "engine/text/printable.hpp"

namespace leat::pipelines {

namespace {

struct Listed {
  std::string name;
  Checksum sum;
};

// coreutils begins a line with a backslash where the name has one, or a line end.
std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char next = name[i] == '\\' && i + 1 < name.size() ? name[++i] : '\0';
    out += next == '\0' ? name[i] : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return out;
}

// "SHA256 (NAME) = HEX", "SHA2-256" as OpenSSL says it.
std::optional<Listed> bsd_line(std::string_view line) {
  const auto open = line.find(" (");
  const auto close = line.rfind(") = ");
  if (open == line.npos || close == line.npos || close < open + 2) return std::nullopt;
  std::string word = text::to_lower(line.substr(0, open));
  if (word.starts_with("sha2-")) word.erase(3, 2);
  const auto kind = digest_kind(word);
  if (!kind) return std::nullopt;
  auto hex = checksum_hex(*kind, line.substr(close + 4));
  if (!hex) return std::nullopt;
  return Listed{std::string(line.substr(open + 2, close - open - 2)), {*kind, std::move(*hex)}};
}

// "HEX  NAME", "HEX *NAME".
std::optional<Listed> gnu_line(std::string_view line) {
  const auto blank = line.find(' ');
  if (blank == line.npos || blank + 2 >= line.size()) return std::nullopt;
  if (line[blank + 1] != ' ' && line[blank + 1] != '*') return std::nullopt;
  const auto kind = kind_of_size(blank);
  if (!kind) return std::nullopt;
  auto hex = checksum_hex(*kind, line.substr(0, blank));
  if (!hex) return std::nullopt;
  return Listed{std::string(line.substr(blank + 2)), {*kind, std::move(*hex)}};
}

std::optional<Listed> listed(std::string_view line) {
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  auto found = gnu_line(line);
  if (!found) found = bsd_line(line);
  if (!found || found->name.empty()) return std::nullopt;
  if (escaped) found->name = unescaped(found->name);
  while (found->name.starts_with("./")) found->name.erase(0, 2);
  return found;
}

bool ends_path(std::string_view path, std::string_view name) {
  return path.ends_with(name) && (path.size() == name.size() || path[path.size() - name.size() - 1] == '/');
}

}  // namespace

Status ChecksumFile::add(std::string name, Checksum sum) {
  auto& entries = by_last_[std::string(io::last_component(name))];
  auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == name; });
  if (entry == entries.end()) entry = entries.insert(entry, Entry{std::move(name), {}});
  for (const auto& other : entry->sums) {
    if (other.kind != sum.kind) continue;
    if (other.hex == sum.hex) return std::nullopt;
    return Error(Errc::bad_input, fmt::format("\"{}\" is listed before with another {}",
                                              text::printable(entry->name, 200), to_string(sum.kind)));
  }
  entry->sums.push_back(std::move(sum));
  ++size_;
  return std::nullopt;
}

Result<ChecksumFile> ChecksumFile::parse(std::string_view text) {
  ChecksumFile file;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    auto found = listed(line);
    if (!found) {
      return Error(Errc::bad_input,
                   fmt::format("line {}: no checksum; takes HEX  NAME, or SHA256 (NAME) = HEX", number));
    }
    if (auto error = file.add(std::move(found->name), std::move(found->sum))) {
      return Error(Errc::bad_input, fmt::format("line {}: {}", number, error->message));
    }
  }
  return file;
}

Result<std::shared_ptr<const ChecksumFile>> ChecksumFile::load(const std::string& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) return io::file_failure(errno != 0 ? errno : EIO, "read", path);
  auto parsed = parse(text);
  if (!parsed) return Error(Errc::bad_input, fmt::format("'{}': {}", path, parsed.error().message));
  parsed->path_ = path;
  return std::make_shared<const ChecksumFile>(std::move(*parsed));
}

Result<std::vector<Checksum>> ChecksumFile::find(std::string_view url_path, std::string_view file) const {
  const std::string path = text::percent_decoded(url_path);
  const auto entries_of = [this](std::string_view name) -> const std::vector<Entry>* {
    const auto found = by_last_.find(std::string(io::last_component(name)));
    return found == by_last_.end() ? nullptr : &found->second;
  };
  const auto* of_file = file.empty() ? nullptr : entries_of(file);
  const auto* of_url = entries_of(path);
  if (of_file != nullptr) {
    const auto own =
        std::find_if(of_file->begin(), of_file->end(), [&](const Entry& e) { return e.name == file; });
    if (own != of_file->end()) return own->sums;
  }
  const Entry* longest = nullptr;
  if (of_url != nullptr) {
    for (const auto& entry : *of_url) {
      if (ends_path(path, entry.name) && (longest == nullptr || entry.name.size() > longest->name.size())) {
        longest = &entry;
      }
    }
  }
  if (longest != nullptr) return longest->sums;
  const auto* rest = file.empty() ? of_url : of_file;
  if (rest == nullptr) return std::vector<Checksum>();
  if (rest->size() == 1) return rest->front().sums;
  return Error(Errc::checksum_mismatch,
               fmt::format("the list of checksums has several files of the name \"{}\"",
                           text::printable(io::last_component(rest->front().name), 200)));
}

Status ChecksumFile::expect(Record& record, std::string_view file) const {
  const auto url = http::parse_url(record.request.url);
  if (!url) return std::nullopt;  // the transfer says what is wrong with it
  auto found = find(url.value().path, file);
  if (!found) return std::move(found.error());
  for (auto& [kind, hex] : *found) {
    if (record.expected.find(kind).empty()) record.expected.put(kind, std::move(hex));
  }
  return std::nullopt;
}

std::optional<TextFault> check_checksum_file(const std::string& path) {
  auto loaded = ChecksumFile::load(path);
  if (loaded) return std::nullopt;
  return TextFault{0, std::move(loaded.error().message)};
}

}  // namespace leat::pipelines
