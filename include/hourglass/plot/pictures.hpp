#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hourglass {

/// The pictures of a run. Each is three files in the run's folder: NAME.dat, the data it shows;
/// NAME.gp, the gnuplot script that redraws it (`gnuplot NAME.gp` in that folder); and the picture.
/// Without gnuplot there are the first two, and everything else goes on.
class Pictures {
public:
    /// @param format  png, svg or pdf
    /// @throws Error  for another format
    Pictures(std::filesystem::path folder, std::string format);

    /// Is there a gnuplot? The environment variable HOURGLASS_GNUPLOT may name the program; where it
    /// is set and empty, none is used.
    bool can_draw() const { return !gnuplot_.empty(); }

    /// One picture of `width` x `height` screen pixels.
    /// @param data      the text of NAME.dat; commands read it as DATA
    /// @param commands  gnuplot commands, without terminal and output
    /// Where a file cannot be written or gnuplot makes no picture, this one is missing: see failures().
    void draw(const std::string& name, int width, int height, const std::string& data,
              const std::string& commands);

    /// The same as NAME.gif, whatever the format of the others: each plot of the commands is a frame.
    /// @param delay  between two frames, in hundredths of a second
    void draw_gif(const std::string& name, int width, int height, int delay,
                  const std::string& data, const std::string& commands);

    /// The names of the pictures so far, with their endings.
    const std::vector<std::string>& names() const { return names_; }

    /// Which pictures could not be made, and why: a line for each reason.
    std::vector<std::string> failures() const;

private:
    /// `picture` is the file's name, `terminal` what gnuplot is to set.
    void make(const std::string& name, const std::string& picture, const std::string& terminal,
              const std::string& data, const std::string& commands);
    /// @throws Error  if gnuplot makes no picture of NAME.gp
    void run_script(const std::string& name, const std::string& picture) const;
    void fail(const std::string& picture, std::string why);

    std::filesystem::path folder_;
    std::string format_;
    std::string gnuplot_;  // the program's path; empty if there is none
    std::vector<std::string> names_;

    struct Failure {
        std::string why;
        std::vector<std::string> pictures;
    };
    std::vector<Failure> failures_;
};

/// The gnuplot to use, or an empty string: see Pictures::can_draw.
std::string find_gnuplot();

/// `text` as a string in a gnuplot command, such as a label or a title. In single quotes: in double ones
/// gnuplot would run what stands between backquotes, and a backquote is a letter of font 3. Control
/// characters become question marks: a new line would begin a command.
std::string gnuplot_string(const std::string& text);

/// `text` as a string in a data file, where gnuplot knows only double quotes and runs nothing.
std::string gnuplot_data_string(const std::string& text);

/// The colours of curves, in order: eight that people with any colour vision can tell apart.
/// @see  Okabe & Ito 2008, "Color Universal Design"
std::string curve_colour(std::size_t curve);

/// " dashtype 2", or nothing: curves that differ in gray too.
std::string curve_dash(std::size_t curve);

}  // namespace hourglass
