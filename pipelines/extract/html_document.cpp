#include "pipelines/extract/html_document.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory_resource>
#include <new>
#include <vector>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/html_rules.hpp"
#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

namespace {

// The arena of this thread's parse, which is left when gumbo finds a fault in itself; null while none goes
// on.
thread_local std::jmp_buf* assertion_exit = nullptr;
constexpr int kStopped = 1;
constexpr int kAsserted = 2;

constexpr unsigned kBetweenChecks = 1024;  // allocations; a tag takes some ten

std::int64_t cpu_nanoseconds() noexcept {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// The child that the parser is likely to be working in: the last one, or, when content is moved out of a
// table, the one before that table.
const GumboNode* newest_child(const GumboNode& parent, bool before_tables) noexcept {
  const GumboVector* children = children_of(parent);
  const GumboNode* newest = nullptr;
  for (std::size_t back = 1; children != nullptr && back <= std::min(children->length, 8u); ++back) {
    const GumboNode& node = child(*children, children->length - back);
    const GumboElement* element = element_of(node);
    if (element == nullptr) continue;
    if (newest != nullptr) return &node;
    newest = &node;
    if (!before_tables || element->tag != GUMBO_TAG_TABLE) break;
  }
  return newest;
}

bool is_too_deep(const GumboNode& document, bool before_tables) noexcept {
  const GumboNode* node = &document;
  for (std::size_t depth = 0; node != nullptr; ++depth) {
    if (depth > HtmlDocument::kMaxDepth) return true;
    node = newest_child(*node, before_tables);
  }
  return false;
}

}  // namespace

}  // namespace leat::pipelines

// Debian's gumbo 0.10.1 is built with its assertions, and some pages meet one (text in a table is the known
// case). glibc's function of this name would end leat because of one record. Other assertions end the
// program, as ever.
extern "C" [[noreturn]] void __assert_fail(const char* assertion, const char* file, unsigned line,
                                           const char* function) noexcept {
  if (leat::pipelines::assertion_exit != nullptr) {
    std::longjmp(*leat::pipelines::assertion_exit, leat::pipelines::kAsserted);
  }
  std::fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, assertion);
  std::abort();
}

namespace leat::pipelines {

// What gumbo allocates from. It has no way to say that there is no more: parsing is left by longjmp, which
// skips frames of C and of functions without destructors only.
class HtmlDocument::Arena {
 public:
  explicit Arena(std::size_t text_bytes)
      : memory_(std::max<std::size_t>(text_bytes * 18, 4096)),
        most_bytes_(std::min((std::size_t{1} << 20) + text_bytes * 128, std::size_t{512} << 20)),
        most_nanoseconds_(2'000'000'000 + static_cast<std::int64_t>(text_bytes) / 2) {}

  // Null on success.
  const char* parse(std::string_view text) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = [](void* self, std::size_t size) { return static_cast<Arena*>(self)->take(size); };
    options.deallocator = [](void*, void*) {};
    options.userdata = this;
    options.max_errors = 0;
    assertion_exit = &out_;
    switch (setjmp(out_)) {
      case 0:
        gumbo_parse_with_options(&options, text.data(), text.size());
        break;
      case kAsserted:
        stopped_ = "the page triggers a fault of gumbo, the HTML parser";
        break;
      default:
        break;
    }
    assertion_exit = nullptr;
    return stopped_;
  }

  [[nodiscard]] const GumboNode* document() const noexcept { return output_->document; }

 private:
  void* take(std::size_t size) noexcept {
    bytes_ += size;
    if (++calls_ % kBetweenChecks == 0) check();
    void* block = bytes_ <= most_bytes_ ? try_allocate(size) : nullptr;
    if (block == nullptr) stop("the page takes too much memory to parse");
    if (output_ == nullptr)
      output_ = static_cast<GumboOutput*>(block);  // gumbo 0.10.1: its output comes first
    return block;
  }

  void* try_allocate(std::size_t size) noexcept {
    try {
      return memory_.allocate(size, alignof(std::max_align_t));
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }

  void check() noexcept {
    if (is_too_deep(*output_->document, false) || is_too_deep(*output_->document, true)) {
      stop("the page's elements are nested more than 4096 deep");
    }
    const std::int64_t now = cpu_nanoseconds();
    if (started_ == 0) started_ = now;
    if (now - started_ > most_nanoseconds_) stop("the page takes too long to parse");
  }

  [[noreturn]] void stop(const char* why) noexcept {
    stopped_ = why;
    std::longjmp(out_, kStopped);
  }

  std::pmr::monotonic_buffer_resource memory_;
  std::size_t most_bytes_;
  std::int64_t most_nanoseconds_;
  std::size_t bytes_ = 0;
  unsigned calls_ = 0;
  std::int64_t started_ = 0;
  GumboOutput* output_ = nullptr;
  const char* stopped_ = nullptr;
  std::jmp_buf out_{};
};

HtmlDocument::HtmlDocument(std::unique_ptr<Arena> arena)
    : arena_(std::move(arena)), document_(arena_->document()) {}
HtmlDocument::HtmlDocument(HtmlDocument&&) noexcept = default;
HtmlDocument& HtmlDocument::operator=(HtmlDocument&&) noexcept = default;
HtmlDocument::~HtmlDocument() = default;

Result<HtmlDocument> HtmlDocument::parse(std::string_view utf8) {
  auto arena = std::make_unique<Arena>(utf8.size());
  if (const char* why = arena->parse(utf8)) return Error(Errc::filter_error, why);
  return HtmlDocument(std::move(arena));
}

std::string name_of(const GumboElement& element) {
  if (element.tag_namespace == GUMBO_NAMESPACE_HTML && element.tag != GUMBO_TAG_UNKNOWN) {
    return gumbo_normalized_tagname(element.tag);
  }
  GumboStringPiece piece = element.original_tag;
  if (piece.data == nullptr) return gumbo_normalized_tagname(element.tag);
  gumbo_tag_from_original_text(&piece);
  if (element.tag_namespace == GUMBO_NAMESPACE_SVG) {
    if (const char* name = gumbo_normalize_svg_tagname(&piece)) return name;
  }
  return text::to_lower({piece.data, piece.length});
}

std::string_view prefix_of(const GumboAttribute& attribute) noexcept {
  static constexpr std::array<std::string_view, 4> kPrefixes = {"", "xlink:", "xml:", "xmlns:"};
  const bool is_xmlns = attribute.attr_namespace == GUMBO_ATTR_NAMESPACE_XMLNS;
  if (is_xmlns && std::string_view(attribute.name) == "xmlns") return "";
  return kPrefixes[attribute.attr_namespace];
}

const GumboAttribute* find_attribute(const GumboElement& element, std::string_view name) noexcept {
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
    std::string_view rest = name;
    if (attribute.attr_namespace != GUMBO_ATTR_NAMESPACE_NONE) {
      const std::string_view prefix = prefix_of(attribute);
      if (!rest.starts_with(prefix)) continue;
      rest.remove_prefix(prefix.size());
    }
    if (rest == attribute.name) return &attribute;
  }
  return nullptr;
}

namespace {

// Calls open(node) and close(node) around the children of `top` and of each node below it, without recursion.
template <class Open, class Close>
void walk(const GumboNode& top, Open&& open, Close&& close) {
  struct Frame {
    const GumboNode* node;
    unsigned next;
  };
  std::vector<Frame> frames;
  open(top);
  frames.push_back({&top, 0});
  while (!frames.empty()) {
    Frame& frame = frames.back();
    const GumboVector* children = children_of(*frame.node);
    if (children == nullptr || frame.next == children->length) {
      close(*frame.node);
      frames.pop_back();
      continue;
    }
    const GumboNode& node = child(*children, frame.next++);
    open(node);
    if (children_of(node) != nullptr) frames.push_back({&node, 0});
  }
}

bool is_text(const GumboNode& node) noexcept {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_CDATA || node.type == GUMBO_NODE_WHITESPACE;
}

template <std::size_t N>
bool is_one_of(const GumboNode& node, const std::array<GumboTag, N>& tags) noexcept {
  const GumboElement* element = element_of(node);
  return element != nullptr && element->tag_namespace == GUMBO_NAMESPACE_HTML &&
         std::find(tags.begin(), tags.end(), element->tag) != tags.end();
}

// Elements that have no end tag, and those whose text is written as it is.
constexpr std::array kVoid = {GUMBO_TAG_AREA,  GUMBO_TAG_BASE, GUMBO_TAG_BASEFONT, GUMBO_TAG_BGSOUND,
                              GUMBO_TAG_BR,    GUMBO_TAG_COL,  GUMBO_TAG_EMBED,    GUMBO_TAG_FRAME,
                              GUMBO_TAG_HR,    GUMBO_TAG_IMG,  GUMBO_TAG_INPUT,    GUMBO_TAG_KEYGEN,
                              GUMBO_TAG_LINK,  GUMBO_TAG_META, GUMBO_TAG_PARAM,    GUMBO_TAG_SOURCE,
                              GUMBO_TAG_TRACK, GUMBO_TAG_WBR};
constexpr std::array kRaw = {GUMBO_TAG_STYLE,   GUMBO_TAG_SCRIPT,   GUMBO_TAG_XMP,      GUMBO_TAG_IFRAME,
                             GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES, GUMBO_TAG_PLAINTEXT};

void escape(std::string& out, std::string_view text, bool in_attribute) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '\xC2' && at + 1 < text.size() && text[at + 1] == '\xA0') {
      out += "&nbsp;";
      ++at;
    } else if (c == '"' && in_attribute) {
      out += "&quot;";
    } else if (c == '<' && !in_attribute) {
      out += "&lt;";
    } else if (c == '>' && !in_attribute) {
      out += "&gt;";
    } else {
      out += c;
    }
  }
}

void write_start(std::string& out, const GumboElement& element) {
  out += '<';
  out += name_of(element);
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
    out += ' ';
    out += prefix_of(attribute);
    out += attribute.name;
    out += "=\"";
    escape(out, attribute.value, true);
    out += '"';
  }
  out += '>';
}

void write_open(std::string& out, const GumboNode& node) {
  if (const GumboElement* element = element_of(node)) {
    write_start(out, *element);
  } else if (node.type == GUMBO_NODE_COMMENT) {
    out.append("<!--").append(node.v.text.text).append("-->");
  } else if (is_text(node)) {
    if (node.parent != nullptr && is_one_of(*node.parent, kRaw)) {
      out += node.v.text.text;
    } else {
      escape(out, node.v.text.text, false);
    }
  }
}

}  // namespace

HtmlNodes::TypeTest HtmlNodes::type_test(std::string_view name) {
  TypeTest test;
  test.written = name;
  test.lower = text::to_lower(name);
  test.tag = tag_of(test.lower);
  return test;
}

HtmlNodes::AttributeName HtmlNodes::attribute_name(std::string_view name) {
  return {std::string(name), text::to_lower(name)};
}

bool HtmlNodes::is_type(const Node& node, const TypeTest& test) {
  const GumboElement& element = node.v.element;
  if (element.tag_namespace != GUMBO_NAMESPACE_HTML) return name_of(element) == test.written;
  if (element.tag != GUMBO_TAG_UNKNOWN || test.tag != GUMBO_TAG_UNKNOWN) return element.tag == test.tag;
  return name_of(element) == test.lower;
}

std::optional<std::string_view> HtmlNodes::attribute(const Node& node, const AttributeName& name) noexcept {
  const bool is_html = node.v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
  const GumboAttribute* found = find_attribute(node.v.element, is_html ? name.lower : name.written);
  if (found == nullptr) return std::nullopt;
  return std::string_view(found->value);
}

bool HtmlNodes::is_empty(const Node& node) noexcept {
  const GumboVector& children = node.v.element.children;
  for (unsigned i = 0; i < children.length; ++i) {
    if (child(children, i).type != GUMBO_NODE_COMMENT) return false;
  }
  return true;
}

std::string HtmlNodes::type_key(const Node& node) {
  return std::to_string(node.v.element.tag_namespace) + name_of(node.v.element);
}

std::string HtmlNodes::text(const Node& node) {
  NormalText text;
  walk(
      node,
      [&](const Node& n) {
        if (is_text(n)) text.append(n.v.text.text);
      },
      [](const Node&) {});
  return std::move(text).take();
}

std::string HtmlNodes::markup(const Node& node) {
  std::string out;
  walk(
      node, [&](const Node& n) { write_open(out, n); },
      [&](const Node& n) {
        if (element_of(n) != nullptr && !is_one_of(n, kVoid)) out += "</" + name_of(n.v.element) + ">";
      });
  return out;
}

}  // namespace leat::pipelines
