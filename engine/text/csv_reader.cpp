#include "engine/text/csv_reader.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/utf8.hpp"

namespace leat::text {

namespace {

constexpr std::string_view kSep = "sep=";

constexpr std::string_view kDelimiters = ",;\t";

/// The first row of a text whose fields `comma` ends; blank lines may come before it.
struct FirstRow {
  FirstRow(std::string_view text, char comma);

  std::size_t commas = 0;  // outside of quotes
  bool has_end = false;    // its line end is there
  bool is_open = false;    // the text ends between its quotes
};

FirstRow::FirstRow(std::string_view text, char comma) {
  text = without_byte_order_mark(text);
  std::size_t line_start = 0;
  bool is_start = true;  // of a field
  for (std::size_t at = line_start; at < text.size(); ++at) {
    if (is_start && text[at] == '"') {
      while (++at < text.size() && (text[at] != '"' || text.substr(at + 1, 1) == "\"")) {
        if (text[at] == '"') ++at;
      }
      is_open = at >= text.size();
    }
    if (at < text.size() && text[at] == '\n') {
      const auto line = text.substr(line_start, at - line_start);
      line_start = at + 1;
      has_end = !line.empty() && line != "\r";
      if (has_end) return;
    }
    is_start = at < text.size() && (text[at] == comma || text[at] == '\n');
    if (is_start && text[at] == comma) ++commas;
  }
}

// What one delimiter takes for a quote may be text to another, so each is asked by itself.
bool has_first_row(std::string_view text, char comma) {
  const auto ends = [text](char one) { return FirstRow(text, one).has_end; };
  if (comma != CsvReader::kFromFirstRow) return ends(comma);
  return std::all_of(kDelimiters.begin(), kDelimiters.end(), ends);
}

// The most frequent one outside of quotes, and rather one for which these have an end; a comma, if none is.
char delimiter_of(std::string_view text) {
  const auto rank = [text](char one) {
    const FirstRow row(text, one);
    return std::pair(row.commas > 0 && !row.is_open, row.commas);
  };
  return *std::max_element(kDelimiters.begin(), kDelimiters.end(),
                           [&](char one, char other) { return rank(one) < rank(other); });
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
    if (start_.size() <= limit_ && !has_first_row(start_, comma_)) return std::nullopt;
    begin();
  }
  return read_row();
}

void CsvReader::begin() {
  begun_ = true;
  rest_ = start_;
  const auto line = rest_.substr(0, std::min(rest_.find('\n'), rest_.size() - 1) + 1);
  auto row = without_byte_order_mark(line);
  while (row.ends_with('\n') || row.ends_with('\r')) row.remove_suffix(1);
  const bool is_sep = row.size() == kSep.size() + 1 && row.starts_with(kSep);
  if (is_sep && row.back() != '"' && row.back() != kFromFirstRow) {
    if (comma_ == kFromFirstRow) comma_ = row.back();
    preamble_ = std::string(row) + "\n";
    rest_.remove_prefix(line.size());
    bom_ = kByteOrderMark.size();
    row_line_ = ++line_;
  }
  if (comma_ == kFromFirstRow) comma_ = delimiter_of(rest_);
}

std::optional<CsvReader::Row> CsvReader::read_row() {
  forget_given();
  if (bom_ < kByteOrderMark.size()) skip_bom();
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
  if (!begun_) begin();
  if (!rest_.empty()) {
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
  while (bom_ < kByteOrderMark.size() && !rest_.empty()) {
    if (rest_.front() != kByteOrderMark[bom_]) {
      note(kByteOrderMark.substr(0, bom_));
      text_ += kByteOrderMark.substr(0, bom_);
      if (bom_ > 0) state_ = State::plain;
      bom_ = kByteOrderMark.size();
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
  // A carriage return of the last field must not become the one of the line's end.
  if (source.ends_with('\r') && !source.ends_with("\r\r")) source.remove_suffix(1);
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
