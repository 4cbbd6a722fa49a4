#include "pipelines/options/checksum_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "engine/http/message/url_parts.hpp"
#include "engine/io/confined_path.hpp"
#include "engine/io/input_reader.hpp"
#include "engine/io/read_text.hpp"
#include "engine/io/standing.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/percent.hpp"
#include "engine/text/printable.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kTakes = "HEX  NAME, SHA256 (NAME) = HEX, or one HEX alone";

// "x.iso" of "dir/x.iso.sha256", "" of a name that says nothing of a kind.
std::string subject_of(std::string_view path) {
  std::string_view last = io::last_component(path);
  auto dot = last.rfind('.');
  for (const std::string_view packed : {".gz", ".xz", ".bz2", ".zst"}) {
    if (!last.ends_with(packed) || dot == 0) continue;
    last = last.substr(0, dot);  // x.iso.sha256.gz
    dot = last.rfind('.');
  }
  if (dot == last.npos || dot == 0) return "";
  std::string ending = text::to_lower(last.substr(dot + 1));
  if (ending.ends_with("sum")) ending.resize(ending.size() - 3);
  return digest_kind(ending) ? std::string(last.substr(0, dot)) : "";
}

bool ends_path(std::string_view path, std::string_view name) {
  return path.ends_with(name) && (path.size() == name.size() || path[path.size() - name.size() - 1] == '/');
}

}  // namespace

Status ChecksumFile::add(ListedSum listed) {
  if (listed.name.empty()) return add_nameless(std::move(listed));
  auto& entries = by_last_[std::string(io::last_component(listed.name))];
  auto entry =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == listed.name; });
  if (entry == entries.end()) entry = entries.insert(entry, Entry{std::move(listed.name), {}});
  if (!listed.sum) return std::nullopt;
  for (const auto& other : entry->sums) {
    if (other.kind != listed.sum->kind) continue;
    if (other.hex == listed.sum->hex) return std::nullopt;
    return Error(Errc::bad_input, fmt::format("\"{}\" is listed before with another {}",
                                              text::printable(entry->name, 200), to_string(other.kind)));
  }
  entry->sums.push_back(std::move(*listed.sum));
  ++size_;
  return std::nullopt;
}

Status ChecksumFile::add_nameless(ListedSum listed) {
  if (!listed.sum) return std::nullopt;
  if (nameless_) {
    return Error(Errc::bad_input, "a second digest without a name; nothing says which file has which");
  }
  nameless_ = std::move(*listed.sum);
  ++size_;
  return std::nullopt;
}

Result<ChecksumFile> ChecksumFile::parse(std::string_view text) {
  ChecksumFile file;
  ChecksumLines lines(text);
  bool has_others = false;
  while (const auto line = lines.next()) {
    auto listed = read_checksum_line(*line);
    if (!listed) {
      return Error(Errc::bad_input, fmt::format("line {}: no checksum; takes {}", lines.number(), kTakes));
    }
    has_others = has_others || !listed->sum;
    if (auto error = file.add(std::move(*listed))) {
      return Error(Errc::bad_input, fmt::format("line {}: {}", lines.number(), error->message));
    }
  }
  if (file.size_ == 0) {
    return Error(Errc::bad_input, has_others ? fmt::format("no checksum of a kind that is known here: {}",
                                                           fmt::join(kDigests, ", "))
                                             : "there is no checksum in it");
  }
  return file;
}

std::shared_ptr<const ChecksumFile> ChecksumFile::unread(std::string path, Error why) {
  auto file = std::make_shared<ChecksumFile>();
  file->path_ = std::move(path);
  file->fault_ = std::move(why);
  return file;
}

Result<std::shared_ptr<const ChecksumFile>> ChecksumFile::load(const std::string& path) {
  const auto text = io::read_text(path);
  if (!text) return text.error();
  auto parsed = parse(text.value());
  if (!parsed)
    return Error(Errc::bad_input, fmt::format("{}: {}", io::input_name(path), parsed.error().message));
  auto file = std::make_shared<ChecksumFile>(std::move(*parsed));
  file->path_ = path;
  // The name of the list says whose sum it is: x.iso.sha256.
  if (const std::string subject = subject_of(path); file->nameless_ && !subject.empty()) {
    if (auto error = file->add(ListedSum{subject, std::exchange(file->nameless_, std::nullopt)})) {
      return Error(Errc::bad_input, fmt::format("{}: {}", io::input_name(path), error->message));
    }
    --file->size_;
  }
  return std::shared_ptr<const ChecksumFile>(std::move(file));
}

namespace {

Error of_no_known_kind(std::string_view name) {
  return Error(Errc::checksum_mismatch,
               fmt::format("\"{}\" is listed, but with no checksum of a kind that is known here: {}",
                           text::printable(name, 200), fmt::join(kDigests, ", ")));
}

// Not standard input and pipes; what is not there is missed as a file.
bool is_read_again(const std::string& path) {
  return path != "-" && (io::can_be_read_again(path) || ::access(path.c_str(), F_OK) != 0);
}

}  // namespace

Result<std::vector<Checksum>> ChecksumFile::sums_of(const Entry& entry) {
  if (entry.sums.empty()) return of_no_known_kind(entry.name);
  return entry.sums;
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
    if (own != of_file->end()) return sums_of(*own);
  }
  const Entry* longest = nullptr;
  if (of_url != nullptr) {
    for (const auto& entry : *of_url) {
      if (ends_path(path, entry.name) && (longest == nullptr || entry.name.size() > longest->name.size())) {
        longest = &entry;
      }
    }
  }
  if (longest != nullptr) return sums_of(*longest);
  const auto* rest = file.empty() ? of_url : of_file;
  if (rest == nullptr) return nameless_ ? std::vector<Checksum>{*nameless_} : std::vector<Checksum>();
  if (rest->size() == 1) return sums_of(rest->front());
  return Error(Errc::checksum_mismatch,
               fmt::format("the list of checksums has several files of the name \"{}\"",
                           text::printable(io::last_component(rest->front().name), 200)));
}

Status ChecksumFile::expect(Record& record, std::string_view file) const {
  const auto url = http::parse_url(record.request.url.text());
  if (!url) return std::nullopt;  // the transfer says what is wrong with it
  auto found = find(url.value().path, file);
  if (!found) return std::move(found.error());
  if (!found->empty()) matched_ = true;
  for (auto& [kind, hex] : *found) {
    if (record.expected.find(kind).empty()) record.expected.put(kind, std::move(hex));
  }
  return std::nullopt;
}

// What can be read only once is read when the arguments are made.
std::optional<TextFault> check_checksum_file(const std::string& path) {
  if (!is_read_again(path)) return std::nullopt;
  auto loaded = ChecksumFile::load(path);
  if (loaded) return std::nullopt;
  return TextFault{0, std::move(loaded.error().message)};
}

}  // namespace leat::pipelines
