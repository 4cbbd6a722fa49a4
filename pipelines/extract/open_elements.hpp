#pragma once

#include <gumbo.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "pipelines/extract/html_rules.hpp"

namespace leat::pipelines {

/// The elements that are open while a page is read, and the formatting that is opened again when something
/// else closes it (WHATWG HTML, 13.2.4.2 and 13.2.4.3): their names alone, no tree.
///
/// A function that gives false has met what only a tree can follow: elements that are moved, or a copy of an
/// element that was `found`. The object is of no use then.
class OpenElements {
 public:
  /// So many may be open; with more than that a page is no page.
  static constexpr std::size_t kMostOpen = 512;

  OpenElements() noexcept;

  [[nodiscard]] GumboTag top() const noexcept { return open_.back().tag; }
  [[nodiscard]] GumboTag below_top() const noexcept { return open_[open_.size() - 2].tag; }
  [[nodiscard]] bool is_full() const noexcept {
    return open_.size() > kMostOpen || formatting_.size() > kMostOpen;
  }
  /// The nearest of these; the page's own element if none is open.
  [[nodiscard]] GumboTag nearest(std::initializer_list<GumboTag> tags) const noexcept;
  [[nodiscard]] bool has_in(HtmlRule::Scope scope, GumboTag tag) const noexcept;
  [[nodiscard]] bool has_heading() const noexcept;

  /// Opens an element, and gives the number by which it is known.
  std::uint32_t push(GumboTag tag);
  void pop() noexcept { open_.pop_back(); }
  /// Closes the nearest element of that name and all in it. There is one.
  void close(GumboTag tag) noexcept;
  void close_heading() noexcept;
  /// Closes a paragraph, if one is open in the scope of buttons.
  void close_paragraph() noexcept;
  /// Closes li, or dd and dt, before another one.
  void close_item(bool is_term) noexcept;
  /// Closes the elements whose end tags are implied.
  void close_implied(GumboTag except = GUMBO_TAG_LAST) noexcept;
  /// Closes all in the nearest of these elements, but not that.
  void clear_to(std::initializer_list<GumboTag> tags) noexcept;
  /// Does what the end tag of any other name does.
  void end_any(GumboTag tag) noexcept;
  /// Takes one element out, and leaves what is in it open. It needn't be there.
  void remove(std::uint32_t id) noexcept;
  [[nodiscard]] bool is_in_scope(std::uint32_t id) const noexcept;

  /// Opens an element that is formatting, too.
  [[nodiscard]] bool push_formatting(GumboTag tag);
  /// Says that somebody wants the element which was pushed last.
  void note_found() noexcept;
  void add_marker() { formatting_.push_back({}); }
  void clear_to_marker() noexcept;
  [[nodiscard]] bool needs_formatting() const noexcept {
    return !formatting_.empty() && formatting_.back().id != 0 && place_of(formatting_.back().id) == kNone;
  }
  /// Opens formatting again (13.2.4.3, "reconstruct").
  [[nodiscard]] bool open_formatting() { return !needs_formatting() || open_formatting_again(); }
  /// Does what the end tag of a formatting element does (13.2.6.4.7, "adoption agency").
  [[nodiscard]] bool end_formatting(GumboTag tag);
  /// Closes an <a> before another one.
  [[nodiscard]] bool close_anchor();

  // SVG and MathML, which are the innermost if there are any.
  [[nodiscard]] bool is_foreign() const noexcept { return open_.back().is_foreign; }
  /// Whether what is in the innermost one may be HTML.
  [[nodiscard]] bool holds_html() const noexcept;
  /// `name` outlives it.
  void push_foreign(std::string_view name);
  [[nodiscard]] bool end_foreign(std::string_view name) noexcept;

 private:
  struct Element {
    std::uint32_t id = 0;
    GumboTag tag = GUMBO_TAG_UNKNOWN;
    bool is_foreign = false;
    std::string_view name{};  // of a foreign one
  };
  struct Formatting {
    std::uint32_t id = 0;  // 0: a marker
    GumboTag tag = GUMBO_TAG_UNKNOWN;
    bool is_found = false;
  };

  /// Whether one is open, in that scope, of which `is` is true.
  template <class Is>
  [[nodiscard]] bool has_open(HtmlRule::Scope scope, Is is) const noexcept;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t place_of(std::uint32_t id) const noexcept {
    for (std::size_t at = open_.size(); at-- > 0;) {
      if (open_[at].id == id) return at;
    }
    return kNone;
  }
  [[nodiscard]] bool open_formatting_again();
  [[nodiscard]] std::size_t find_formatting(GumboTag tag) const noexcept;

  std::vector<Element> open_;
  std::vector<Formatting> formatting_;
  std::uint32_t last_id_ = 0;
};

}  // namespace leat::pipelines
