#include "engine/text/csv_reader.hpp"

#include <algorithm>
#include <array>

#include "engine/text/utf8.hpp"

namespace leat::text {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kSep = "sep=";

constexpr std::string_view kDelimiters = ",;\t";

// Calls `look` with the place of each byte outside of quotes, until that says true; npos if it never does.
template <class Look>
std::size_t find_unquoted(std::string_view text, Look look) {
  bool is_start = true;  // of a field
  for (std::size_t at = text.starts_with(kBom) ? kBom.size() : 0; at < text.size(); ++at) {
    if (is_start && text[at] == '"') {
      while (++at < text.size() && (text[at] != '"' || text.substr(at + 1, 1) == "\"")) {
        if (text[at] == '"') ++at;
      }
      is_start = false;
      continue;
    }
    if (look(at)) return at;
    is_start = text[at] == '\n' || kDelimiters.find(text[at]) != kDelimiters.npos;
  }
  return text.npos;
}

// Where the first row ends, behind its line end; npos if that is not there yet.
std::size_t first_row_end(std::string_view text) {
  std::size_t line_start = text.starts_with(kBom) ? kBom.size() : 0;
  const auto end = find_unquoted(text, [&](std::size_t at) {
    if (text[at] != '\n') return false;
    const auto line = text.substr(line_start, at - line_start);
    line_start = at + 1;
    return !line.empty() && line != "\r";
  });
  return end == text.npos ? end : end + 1;
}

// The most frequent one outside of quotes; a comma, if none is.
char delimiter_of(std::string_view row) {
  std::array<std::size_t, kDelimiters.size()> counts{};
  find_unquoted(row, [&](std::size_t at) {
    const auto which = kDelimiters.find(row[at]);
    if (which != kDelimiters.npos) ++counts[which];
    return false;
  });
  const auto most = std::max_element(counts.begin(), counts.end()) - counts.begin();
  return kDelimiters[static_cast<std::size_t>(most)];
}

// Replaces the escapes of a field that has no others.
void unescape(std::string& text, std::size_t begin) {
  constexpr std::string_view kFrom = "tnr\\";
  constexpr std::string_view kTo = "\t\n\r\\";
  std::string plain;
  for (std::size_t at = begin; at < text.size(); ++at) {
    if (text[at] != '\\') {
      plain += text[at];
      continue;
    }
    const auto escape = ++at < text.size() ? kFrom.find(text[at]) : kFrom.npos;
    if (escape == kFrom.npos) return;
    plain += kTo[escape];
  }
  text.replace(begin, text.npos, plain);
}

}  // namespace

std::optional<CsvReader::Row> CsvReader::next() {
  if (!begun_) {
    const auto end = first_row_end(start_);
    if (end == start_.npos && start_.size() <= limit_) return std::nullopt;
    begin(std::string_view(start_).substr(0, end));
  }
  return read_row();
}

// `line` is the first row as it stands, with what is before it.
void CsvReader::begin(std::string_view line) {
  begun_ = true;
  rest_ = start_;
  const auto bom = line.starts_with(kBom) ? kBom.size() : 0;
  auto row = line.substr(bom);
  while (row.ends_with('\n') || row.ends_with('\r')) row.remove_suffix(1);
  if (row.size() == kSep.size() + 1 && row.starts_with(kSep)) {
    if (comma_ == kFromFirstRow) comma_ = row.back();
    preamble_ = std::string(row) + "\n";
    rest_.remove_prefix(line.size());
    bom_ = kBom.size();
    row_line_ = ++line_;
  }
  if (comma_ == kFromFirstRow) comma_ = delimiter_of(row);
}

std::optional<CsvReader::Row> CsvReader::read_row() {
  forget_given();
  if (bom_ < kBom.size()) skip_bom();
  while (!rest_.empty()) {
    if (state_ == State::quoted || state_ == State::plain) {
      // Takes at once all that means nothing in either state.
      const char stops[] = {'"', '\n', '\r', comma_};
      const auto run = rest_.substr(0, rest_.find_first_of(std::string_view(stops, sizeof stops)));
      note(run);
      if (state_ != State::skipping) text_ += run;
      rest_.remove_prefix(run.size());
      if (rest_.empty()) break;
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c != '\n' || state_ == State::quoted) note({&c, 1});
    const bool ended = take(c);
    if (c == '\n') ++line_;
    if (!ended) continue;
    if (!is_blank()) return give();
    given_ = true;
    forget_given();
  }
  return std::nullopt;
}

std::optional<CsvReader::Row> CsvReader::finish() {
  if (!begun_) {
    begin(start_);
    if (auto row = read_row()) return row;
  }
  forget_given();
  open_ = state_ == State::quoted;
  if (open_) fail("the quote that opens a field is never closed");
  if (state_ == State::skipping) return give();
  end_row();
  if (!is_blank()) return give();
  given_ = true;
  forget_given();
  return std::nullopt;
}

void CsvReader::skip_bom() noexcept {
  while (bom_ < kBom.size() && !rest_.empty()) {
    if (rest_.front() != kBom[bom_]) {
      note(kBom.substr(0, bom_));
      text_ += kBom.substr(0, bom_);
      if (bom_ > 0) state_ = State::plain;
      bom_ = kBom.size();
      return;
    }
    ++bom_;
    rest_.remove_prefix(1);
  }
}

// True at the end of a row.
bool CsvReader::take(char c) {
  switch (state_) {
    case State::start:
      if (c == '"') {
        state_ = State::quoted;
        quotes_ = field_quotes_ = true;
        return false;
      }
      state_ = State::plain;
      [[fallthrough]];
    case State::plain:
      if (c == '\n') return end_row();
      if (c != comma_) {
        text_ += c;
        return false;
      }
      end_field();
      state_ = State::start;
      return false;
    case State::quoted:
      if (c == '"') {
        state_ = State::quote_end;
      } else {
        text_ += c;
      }
      return false;
    case State::quote_end:
      if (c == '"') {
        text_ += c;
        state_ = State::quoted;
      } else if (c == comma_) {
        end_field();
        state_ = State::start;
      } else if (c == '\n') {
        return end_row();
      } else if (c == '\r') {
        state_ = State::line_end;
      } else {
        fail_behind_quotes();
      }
      return false;
    case State::line_end:
      if (c == '\n') return end_row();
      fail_behind_quotes();
      return false;
    case State::skipping:
      return c == '\n';
  }
  return false;
}

void CsvReader::end_field() {
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  if (comma_ == '\t' && !field_quotes_) unescape(text_, begin);
  field_quotes_ = false;
  ends_.push_back(text_.size());
}

// The carriage return of "\r\n" is no part of the last field.
bool CsvReader::end_row() {
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  if (state_ == State::plain && text_.size() > begin && text_.back() == '\r') text_.pop_back();
  end_field();
  return true;
}

// Counts and keeps the row's text as it stands. If the row gets too long, what is skipped may begin here.
void CsvReader::note(std::string_view text) {
  size_ += text.size();
  if (size_ <= limit_) {
    if (keeps_source_) source_ += text;
    return;
  }
  source_.clear();
  if (state_ == State::skipping) return;
  fail("the row is longer than " + std::to_string(limit_) + " bytes; is a quote not closed?");
}

void CsvReader::fail_behind_quotes() {
  fail("a comma or the end of the line is missing after a field in quotes; a quote itself is written twice");
}

void CsvReader::fail(std::string why) {
  fault_ = std::move(why);
  state_ = State::skipping;
}

bool CsvReader::is_blank() const noexcept {
  return fault_.empty() && text_.empty() && ends_.size() <= 1 && !quotes_;
}

CsvReader::Row CsvReader::give() {
  given_ = true;
  if (fault_.empty() && !is_utf8(text_)) fault_ = "is not UTF-8";
  fields_.clear();
  std::size_t begin = 0;
  for (const auto end : ends_) {
    fields_.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
  if (!fault_.empty()) fields_.clear();
  std::string_view source = source_;
  if (source.ends_with('\r')) source.remove_suffix(1);
  return {row_line_, fields_, fault_, source, open_};
}

void CsvReader::forget_given() noexcept {
  if (!given_) return;
  given_ = quotes_ = field_quotes_ = open_ = false;
  state_ = State::start;
  row_line_ = line_;
  text_.clear();
  source_.clear();
  size_ = 0;
  ends_.clear();
  fault_.clear();
}

}  // namespace leat::text
