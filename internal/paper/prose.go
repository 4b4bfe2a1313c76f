package paper

import (
	"fmt"
	"strings"
	"time"
)

// What documents are about.
var subjects = []string{
	"công tác số hóa hồ sơ, kết quả giải quyết thủ tục hành chính", "công tác văn thư, lưu trữ", "cải cách thủ tục hành chính", "chuyển đổi số trong cơ quan nhà nước",
	"phòng, chống thiên tai và tìm kiếm cứu nạn", "quản lý, sử dụng tài sản công", "đào tạo, bồi dưỡng cán bộ, công chức, viên chức", "tuyển sinh vào lớp 10 trung học phổ thông",
	"tiêm chủng mở rộng", "quản lý đất đai, trật tự xây dựng", "bảo đảm an toàn thực phẩm", "tiết kiệm điện và sử dụng năng lượng hiệu quả", "chăm sóc sức khỏe người cao tuổi",
	"hỗ trợ hộ nghèo, hộ cận nghèo", "phòng cháy, chữa cháy và cứu nạn, cứu hộ", "tiếp công dân, giải quyết khiếu nại, tố cáo", "giải phóng mặt bằng các công trình trọng điểm",
	"bảo vệ môi trường nông thôn", "phát triển nhà ở xã hội", "thống kê, rà soát ngành nghề nông thôn", "an toàn giao thông trong trường học", "phổ biến, giáo dục pháp luật",
}

var times = []string{"năm {nam}", "6 tháng đầu năm {nam}", "quý III năm {nam}", "giai đoạn {nam} - {nam5}", "trên địa bàn {noi}", "tháng {thang} năm {nam}"}

// Sentences for the body. Braces are filled by dice.fill.
var sentences = []string{
	"Các cơ quan, đơn vị chủ động rà soát nhiệm vụ được giao, phân công rõ người, rõ việc, rõ thời hạn hoàn thành và chịu trách nhiệm về kết quả thực hiện.",
	"Tính đến ngày {ngay}, toàn địa bàn đã tiếp nhận {so} hồ sơ, trong đó giải quyết đúng hạn và trước hạn {so} hồ sơ, đạt tỷ lệ {tyle}%.",
	"Kinh phí thực hiện là {tien} đồng, được bố trí từ nguồn ngân sách địa phương và các nguồn vốn hợp pháp khác theo quy định của pháp luật.",
	"Người đứng đầu chịu trách nhiệm trực tiếp trước cấp trên nếu để xảy ra chậm trễ, sai sót trong quá trình tổ chức thực hiện.",
	"Đẩy mạnh tuyên truyền để người dân, doanh nghiệp hiểu rõ quyền lợi, nghĩa vụ và tích cực tham gia hưởng ứng.",
	"Trong quá trình triển khai, nếu có khó khăn, vướng mắc, đề nghị phản ánh về {coquan} để được xem xét, hướng dẫn giải quyết.",
	"Thực hiện Kế hoạch số {sovb}/KH-UBND ngày {ngay} về {viec}, đến nay các chỉ tiêu chủ yếu đều đạt và vượt so với cùng kỳ.",
	"Bên cạnh những kết quả đạt được, một số đơn vị còn lúng túng trong khâu phối hợp; việc cập nhật số liệu chưa thường xuyên, có nơi còn để quá hạn.",
	"Tổ chức kiểm tra, giám sát định kỳ ít nhất 02 lần trong năm; kịp thời biểu dương tập thể, cá nhân có thành tích và chấn chỉnh các vi phạm.",
	"Giao bộ phận chuyên môn theo dõi, đôn đốc, tổng hợp kết quả và báo cáo trước ngày {han}.",
	"Việc quét tài liệu phải bảo đảm đủ số trang, đúng thứ tự, hình ảnh rõ nét, độ phân giải tối thiểu 200 dpi và tỷ lệ số hóa 100%.",
	"Khuyến khích các tổ chức, cá nhân đóng góp ý kiến, sáng kiến nhằm nâng cao chất lượng phục vụ, rút ngắn thời gian giải quyết từ {nho} ngày xuống còn {nho} ngày làm việc.",
	"Số liệu tổng hợp cho thấy có {so} lượt công chức, viên chức tham gia tập huấn, tăng {tyle}% so với năm trước.",
	"Ưu tiên bố trí trang thiết bị cho các điểm tiếp nhận ở vùng sâu, vùng xa; bảo đảm đường truyền ổn định và an toàn thông tin mạng.",
	"Các tài liệu có thông tin cá nhân phải được quản lý chặt chẽ, chỉ cung cấp cho đúng đối tượng theo thẩm quyền.",
	"Phấn đấu đến hết năm {nam}, trên {tyle}% hồ sơ được tiếp nhận trực tuyến, giảm tối thiểu {nho}% chi phí tuân thủ cho người dân.",
	"Đối với những nội dung vượt thẩm quyền, kịp thời tham mưu, đề xuất cấp có thẩm quyền xem xét, quyết định theo đúng trình tự, thủ tục.",
	"Huy động sự vào cuộc của cả hệ thống chính trị, lấy người dân làm trung tâm, lấy kết quả đầu ra làm thước đo đánh giá.",
	"Bảo đảm lưu trữ hồ sơ đầy đủ, khoa học; giao nộp vào lưu trữ hiện hành trong thời hạn {nho} ngày kể từ ngày kết thúc công việc.",
	"Ngày {ngay}, đoàn công tác do ông {nguoi} làm trưởng đoàn đã làm việc trực tiếp với lãnh đạo địa phương và thống nhất các nội dung nêu trên.",
	"Tiếp tục duy trì đường dây nóng, phân công cán bộ trực 24/24 giờ và xử lý ngay các tình huống phát sinh.",
	"Rà soát, cắt giảm những giấy tờ không cần thiết; tuyệt đối không yêu cầu người dân nộp lại giấy tờ đã có trong cơ sở dữ liệu.",
}

var bases = []string{
	"Căn cứ Luật Tổ chức chính quyền địa phương;", "Căn cứ Luật Ban hành văn bản quy phạm pháp luật;", "Căn cứ Luật Lưu trữ ngày 21 tháng 6 năm 2024;", "Căn cứ Luật Ngân sách nhà nước;",
	"Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;", "Căn cứ Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ;",
	"Căn cứ Quyết định số {sovb}/QĐ-UBND ngày {ngay} về việc quy định chức năng, nhiệm vụ, quyền hạn và cơ cấu tổ chức của {coquan};",
	"Thực hiện Công văn số {sovb}/VP-TTHC ngày {ngay} về {viec};", "Xét Tờ trình số {sovb}/TTr-UBND ngày {ngay} về {viec};",
}

var heads = []string{"MỤC ĐÍCH, YÊU CẦU", "NỘI DUNG THỰC HIỆN", "KẾT QUẢ ĐẠT ĐƯỢC", "TỒN TẠI, HẠN CHẾ", "GIẢI PHÁP CHỦ YẾU", "TỔ CHỨC THỰC HIỆN", "KIẾN NGHỊ, ĐỀ XUẤT"}

var subheads = []string{"Công tác chỉ đạo, điều hành", "Về tiếp nhận và trả kết quả", "Về hạ tầng, thiết bị", "Về tuyên truyền, tập huấn", "Về kinh phí thực hiện", "Trách nhiệm của các đơn vị", "Chế độ thông tin, báo cáo", "Nguyên nhân khách quan, chủ quan"}

var recipients = []string{"Như trên", "Bộ Nội vụ (để b/c)", "Thường trực HĐND {noi}", "CT, các PCT UBND {noi}", "Các sở, ban, ngành", "UBND các xã, phường", "Trung tâm Phục vụ hành chính công", "Cổng thông tin điện tử", "Báo và phát thanh, truyền hình {noi}", "Công an {noi}", "Các phòng, đơn vị trực thuộc", "VPUB: PCVP, CBTH"}

// theme is what one document is about.
func (d dice) theme() string { return d.one(subjects...) + " " + d.one(times...) }

// fill puts numbers, names and days before on into the braces of a text.
func (d dice) fill(text string, a agency, on time.Time) string {
	for strings.Contains(text, "{") {
		i, j := strings.IndexByte(text, '{'), strings.IndexByte(text, '}')
		text = text[:i] + d.value(text[i+1:j], a, on) + text[j+1:]
	}
	return text
}

func (d dice) value(slot string, a agency, on time.Time) string {
	switch slot {
	case "so":
		return thousands(d.between(3, 4+d.IntN(9000)))
	case "sovb":
		return fmt.Sprintf("%02d", d.between(3, 1950))
	case "nho":
		return fmt.Sprintf("%02d", d.between(3, 60))
	case "ngay":
		return slashed(on.AddDate(0, 0, -d.between(5, 400)))
	case "han":
		return slashed(on.AddDate(0, 0, d.between(5, 90)))
	case "thang":
		return fmt.Sprint(d.between(3, 12))
	case "nam":
		return fmt.Sprint(on.Year())
	case "nam5":
		return fmt.Sprint(on.Year() + 5)
	case "tyle":
		return fmt.Sprintf("%d,%d", d.between(11, 99), d.between(1, 99))
	case "tien":
		return thousands(d.between(15, 9800)*1000000 + d.between(0, 999)*1000)
	case "nguoi":
		return d.person()
	case "viec":
		return d.one(subjects...)
	case "coquan":
		return a.named
	case "noi":
		return a.place
	}
	panic("no slot " + slot)
}

// thousands groups digits by points, as Vietnamese does.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// paragraph is n sentences that differ.
func (d dice) paragraph(n int, a agency, on time.Time) string {
	var out []string
	for _, i := range d.Perm(len(sentences))[:n] {
		out = append(out, d.fill(sentences[i], a, on))
	}
	return strings.Join(out, " ")
}
