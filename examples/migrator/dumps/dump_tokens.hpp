// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMP_TOKENS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMP_TOKENS_HPP

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace migrator {

enum class token_kind {
    end,
    word,    ///< an identifier or keyword without quotes
    name,    ///< an identifier in quotes
    text,    ///< a string, decoded
    number,  ///< without its sign
    symbol,  ///< any other character
    broken,  ///< something that never ends; `value` says what
};

struct token {
    token_kind kind = token_kind::end;
    std::string value{};
    std::size_t at = 0;  ///< where it begins

    [[nodiscard]] bool is(char symbol) const { return kind == token_kind::symbol && value[0] == symbol; }
    /// Is this the keyword, which is given in capitals?
    [[nodiscard]] bool is(std::string_view keyword) const;
    template <std::size_t N>
    [[nodiscard]] bool is_any(const std::array<std::string_view, N>& keywords) const {
        return std::any_of(keywords.begin(), keywords.end(), [&](auto keyword) { return is(keyword); });
    }
    [[nodiscard]] bool is_identifier() const { return kind == token_kind::word || kind == token_kind::name; }
};

/// Whose dump it is: they differ in comments, strings and quotes.
enum class dump_dialect { standard, sqlite, mysql };

/// The tokens of a dump, one after the other; every byte is looked at a bounded number of times.
class token_reader {
public:
    explicit token_reader(std::string_view text) : text_(text) {}

    [[nodiscard]] token next();

    /// What a dump's own comments say of it: where one began, until another says that it is complete.
    [[nodiscard]] std::optional<std::size_t> begun() const { return begun_; }
    void set_begun(std::optional<std::size_t> at) { begun_ = at; }

    [[nodiscard]] dump_dialect dialect() const { return dialect_; }
    void set_dialect(dump_dialect d) { dialect_ = d; }

    /// The rest of the line, without its end.
    [[nodiscard]] std::string_view take_line();
    /// Passes the line that ends the rows of a COPY, if this is it.
    [[nodiscard]] bool take_end_of_copy();
    /// One value of a row of COPY, decoded; none for \N. `last` where the line ends with it.
    [[nodiscard]] std::optional<std::string> take_field(bool& last);

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] std::size_t line_of(std::size_t at) const;

private:
    [[nodiscard]] char look(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    [[nodiscard]] std::optional<token> skip_blanks();
    [[nodiscard]] std::optional<token> skip_comment();
    void hear(std::string_view comment, std::size_t at);
    void append_escape(std::string& out);
    [[nodiscard]] token quoted(char quote, bool escapes, token_kind kind);
    [[nodiscard]] std::optional<token> dollar_quoted();
    [[nodiscard]] token word();
    [[nodiscard]] token number();

    std::string_view text_;
    std::size_t at_ = 0;
    dump_dialect dialect_ = dump_dialect::standard;
    std::optional<std::size_t> begun_;
};

}  // namespace migrator

#endif
